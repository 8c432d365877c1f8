import type { CellEvent } from '../cell/events.js';
import type { CellIdentity } from '../cell/identity.js';
import type { CellResult } from '../cell/result.js';

/** Shows a person what a bench is doing. */
export interface ProgressView {
  /** A line that stays. */
  note(line: string): void;
  /** A line that the next one replaces: a download, an installation. */
  status(line: string): void;
  /** Several cells may be under way. */
  begin(cell: CellIdentity, position: { readonly number: number; readonly of: number }): CellView;
  close(): void;
}

/** Of one cell, from its beginning to its end. */
interface CellView {
  update(event: CellEvent): void;
  /** @param result undefined when the cell was stopped. */
  end(result: CellResult | undefined): void;
}

export interface Colors {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

export const silentView: ProgressView = { note() {}, status() {}, begin: () => ({ update() {}, end() {} }), close() {} };
