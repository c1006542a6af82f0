import { withholdPreload } from '../processes/preload.js';

withholdPreload();
