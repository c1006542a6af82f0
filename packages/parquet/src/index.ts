export { DEFAULT_RECORDED, type Recorded, type RecordOptions, record } from './record.js';
export type { Damaged } from './requests.js';
export { type ParquetOptions, type Tables, type Written, writeParquet } from './write-parquet.js';
