export { type CellIdentity, cellId } from './cell/identity.js';
export type { CellResult, GridFile, LossPoint, Rung, ScorePoint } from './cell/result.js';
export { type Leaderboard, leaderboards, type Spread, type VariantRow, type YardstickRow } from './leaderboard.js';
