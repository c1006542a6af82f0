export {
  type Addon,
  type Capabilities,
  loadAddon,
  type Named,
  type Reach,
  type Reader,
} from './addon.js';
