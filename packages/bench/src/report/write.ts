import { writeFileAtomic } from '@ganzoo/core/node';
import type { CellResult } from '../cell/result.js';
import { reportHtml } from './html.js';

/**
 * Makes the report of cells from their results and grid files alone.
 * @param cellsFolder what the cells' file names are relative to.
 * @returns the path of the report.
 */
export async function writeReport(cells: readonly CellResult[], cellsFolder: string, file: string): Promise<string> {
  await writeFileAtomic(file, await reportHtml(cells, cellsFolder));
  return file;
}
