import pc from 'picocolors';
import { linesView } from './lines.js';
import { terminalView } from './terminal.js';
import { type ProgressView, silentView } from './view.js';

export type { ProgressView } from './view.js';

/** Colours for standard output and standard error, each only where it is a terminal that wants them. */
export const colors = { out: pc.createColors(wantsColor(process.stdout)), err: pc.createColors(wantsColor(process.stderr)) };

/** Progress goes to standard error, so that standard output has nothing but results. */
export function progressView({ quiet = false }: { readonly quiet?: boolean }): ProgressView {
  if (quiet) return silentView;
  return process.stderr.isTTY ? terminalView(process.stderr, colors.err) : linesView((text) => process.stderr.write(text));
}

function wantsColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY ? pc.isColorSupported : process.env.FORCE_COLOR !== undefined && pc.isColorSupported;
}
