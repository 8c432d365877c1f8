import { diagnoseEngines, type EngineDiagnosis } from '@ganzoo/engine';
import type { Command } from 'commander';
import { colors } from '../progress/index.js';
import { version } from '../versions.js';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Try every engine by a real forward and backward pass; say why one does not work and what to do.')
    .option('--json', 'print the diagnosis as JSON on standard output')
    .option('--debug', 'stack traces')
    .addHelpText('after', '\nExamples:\n  ganzoo doctor\n  ganzoo doctor --json')
    .action(doctor);
}

async function doctor({ json = false }: { readonly json?: boolean }): Promise<void> {
  const engines = await diagnoseEngines();
  if (json) process.stdout.write(`${JSON.stringify({ ganzoo: version, node: process.version, platform: process.platform, arch: process.arch, engines }, null, 1)}\n`);
  else process.stdout.write(`ganzoo ${version}, Node.js ${process.version}, ${process.platform} ${process.arch}\n\n${engines.map(engineText).join('\n')}\n`);
  if (!engines.some(({ works }) => works)) process.exitCode = 1;
}

function engineText({ name, works, device, versions, gflops, reason, remedy }: EngineDiagnosis): string {
  const { out } = colors;
  const title = out.bold(name.padEnd(7));
  if (!works) return `${out.red('✗')} ${title} ${reason}\n          ${out.dim(remedy ?? '')}`;
  const details = Object.entries(versions ?? {}).map((pair) => pair.join(' ')).join(', ');
  return `${out.green('✓')} ${title} ${device}${gflops === undefined ? '' : `, ${gflops} GFLOP/s in a small convolution`}\n          ${out.dim(details)}`;
}
