// The same training steps in ganzoo (traced and eager) and in PyTorch, on the CPU or on one GPU, in turns, and the ratio of the medians.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../../packages/bench/src/statistics.js';
import { cases } from './cases.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const USAGE = `npm run peers -w @ganzoo/peers -- [case ...] [--turns 8] [--steps <of a turn>] [--python <path>] [--engine native|wasm|cuda|webgpu] [--skip-eager] [--json]
cases: ${Object.keys(cases).join(', ')}; without --python a virtual environment with PyTorch is made beside this script.`;

/** A process that runs steps when it is told to. */
interface Side {
  /** Milliseconds of each step. */
  time(steps: number): Promise<number[]>;
  /** How many trainable ones its networks have. */
  weights(): Promise<number>;
  stop(): void;
}

function start(command: string, args: readonly string[]): Side {
  const child = spawn(command, args, { cwd: HERE, stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<unknown> => {
    child.stdin.write(`${question}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${command} ${args.join(' ')} ended before it had answered.`);
    return JSON.parse(value) as unknown;
  };
  return {
    time: async (steps) => (await ask(String(steps))) as number[],
    weights: async () => (await ask('weights')) as number,
    stop: () => void child.kill(),
  };
}

type Threads = 'all' | '1';

/** What both sides compute on. */
interface Place {
  readonly engine: string;
  /** PyTorch's word. */
  readonly device: 'cpu' | 'cuda';
  /** To try: on the CPU small steps are faster on one thread, large ones on all. */
  readonly threads: readonly Threads[];
}

const PLACES: Readonly<Record<string, Place>> = {
  native: { engine: 'native', device: 'cpu', threads: ['all', '1'] },
  wasm: { engine: 'wasm', device: 'cpu', threads: ['all', '1'] },
  cuda: { engine: 'cuda', device: 'cuda', threads: ['all'] },
  webgpu: { engine: 'webgpu', device: 'cuda', threads: ['all'] },
};

/** Another script beside this one, run as this one is: from source, or built. */
const script = (name: string, ...args: readonly string[]): Side => start(process.execPath, [...process.execArgv, `${name}${path.extname(import.meta.url)}`, ...args]);

const ours = (name: string, mode: 'traced' | 'eager', threads: Threads, { engine }: Place): Side => script('ours', name, mode, threads, engine);

/** TensorFlow.js alone, where somebody has written the case for it. */
const STOCK: ReadonlySet<string> = new Set(['dcgan']);
const stock = (name: string, threads: Threads): Side => script('stock', name, threads);

/** The python of an environment with the pinned packages, which is made when it is not there. */
function pythonOf(given: string | undefined): string {
  if (given !== undefined) return given;
  const folder = path.join(HERE, '.venv');
  const python = path.join(folder, 'bin', 'python');
  if (!existsSync(python)) {
    process.stderr.write(`Making ${folder} with the packages of requirements.txt ...\n`);
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '-r', path.join(HERE, 'requirements.txt')], { stdio: 'inherit' });
  }
  return python;
}

/** Milliseconds of a step of each choice, alone; those that do not run are left out. */
async function tryAlone<Choice extends string>(choices: Readonly<Record<Choice, () => Side>>): Promise<Record<Choice, number>> {
  const tried = {} as Record<Choice, number>;
  for (const [choice, begin] of Object.entries<() => Side>(choices)) {
    const side = begin();
    try {
      await side.time(4);
      tried[choice as Choice] = median(await side.time(15));
    } catch {
      process.stderr.write(`  ${choice}: does not run\n`);
    } finally {
      side.stop();
    }
  }
  return tried;
}

function fastest<Choice extends string>(tried: Readonly<Record<Choice, number>>): Choice {
  const [best] = Object.entries<number>(tried).sort(([, a], [, b]) => a - b);
  return (best as [Choice, number])[0];
}

/** Every setting of PyTorch with each number of threads. */
function peersOf(python: string, name: string, { device, threads: numbers }: Place): Record<string, () => Side> {
  const settings = JSON.parse(execFileSync(python, ['peer.py', name, 'list'], { cwd: HERE, encoding: 'utf8' })) as string[];
  return Object.fromEntries(numbers.flatMap((threads) => settings.map((setting) => [`${setting}, ${inWords(threads)}`, () => start(python, ['peer.py', name, setting, threads, device])])));
}

function inWords(threads: Threads): string {
  return threads === 'all' ? 'all threads' : `${threads} thread`;
}

interface Comparison {
  readonly name: string;
  readonly what: string;
  readonly steps: number;
  /** Milliseconds, medians. */
  readonly traced: number;
  readonly eager: number | null;
  /** tf.layers as TensorFlow.js has it, operation by operation; null where there is none. */
  readonly stock: number | null;
  readonly pytorch: number;
  /** Of ganzoo. */
  readonly threads: Threads;
  /** PyTorch's. */
  readonly setting: string;
  /** Milliseconds of each of PyTorch's settings, alone. */
  readonly tried: Readonly<Record<string, number>>;
}

/** Milliseconds. Shorter turns of small steps time how a process wakes up after the others. */
const TURN = 100;
const FEWEST_STEPS = 5;

async function compare(name: string, python: string, { turns, steps: asked, eager, place }: { turns: number; steps: number | undefined; eager: boolean; place: Place }): Promise<Comparison> {
  const peers = peersOf(python, name, place);
  await checkWeights(name, ours(name, 'eager', 'all', place), (Object.values(peers)[0] as () => Side)());
  const alone = await tryAlone(Object.fromEntries(place.threads.map((number) => [number, () => ours(name, 'traced', number, place)])) as Record<Threads, () => Side>);
  const threads = fastest(alone);
  const steps = asked ?? Math.max(FEWEST_STEPS, Math.ceil(TURN / alone[threads]));
  const tried = await tryAlone(peers);
  const setting = fastest(tried);
  const sides = { traced: ours(name, 'traced', threads, place), ...(eager && { eager: ours(name, 'eager', threads, place) }), ...(eager && place.engine === 'native' && STOCK.has(name) && { stock: stock(name, threads) }), pytorch: (peers[setting] as () => Side)() };
  const times: Record<string, number[]> = {};
  try {
    for (const side of Object.values(sides)) await side.time(4);
    for (let turn = 0; turn < turns; turn++) {
      for (const [key, side] of Object.entries(sides)) (times[key] ??= []).push(...(await side.time(steps)));
    }
  } finally {
    for (const side of Object.values(sides)) side.stop();
  }
  const of = (key: string): number => median(times[key] as number[]);
  const what = cases[name]?.what ?? '';
  return { name, what, steps: turns * steps, traced: of('traced'), eager: times.eager ? of('eager') : null, stock: times.stock ? of('stock') : null, pytorch: of('pytorch'), threads, setting, tried };
}

/** @throws {Error} when the two sides do not train the same networks. They are stopped. */
async function checkWeights(name: string, ...sides: readonly [ganzoo: Side, pytorch: Side]): Promise<void> {
  try {
    const [ganzoo, pytorch] = await Promise.all(sides.map((side) => side.weights()));
    if (ganzoo !== pytorch) throw new Error(`The case ${name} is written in two ways: ganzoo's networks have ${ganzoo} weights to train, PyTorch's ${pytorch}.`);
  } finally {
    for (const side of sides) side.stop();
  }
}

function text({ name, what, steps, traced, eager, stock, pytorch, threads, setting, tried }: Comparison): string {
  const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
  return [
    `${name}: ${what} (medians of ${steps} steps or more, in turns)`,
    `  ganzoo, traced   ${ms(traced)}   (${inWords(threads)})`,
    ...(eager === null ? [] : [`  ganzoo, eager    ${ms(eager)}   ${(eager / traced).toFixed(2)} x traced`]),
    ...(stock === null ? [] : [`  tf.layers, eager ${ms(stock)}   ${(stock / traced).toFixed(2)} x traced`]),
    `  PyTorch          ${ms(pytorch)}   ${(pytorch / traced).toFixed(2)} x traced   (${setting}; alone: ${Object.entries(tried).map(([key, value]) => `${key} ${ms(value)}`).join(', ')})`,
  ].join('\n');
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { turns: { type: 'string', default: '8' }, steps: { type: 'string' }, python: { type: 'string' }, engine: { type: 'string', default: 'native' }, 'skip-eager': { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
});
const place = PLACES[values.engine];
if (place === undefined) {
  process.stderr.write(`There is no comparison on the engine '${values.engine}'.\n${USAGE}\n`);
  process.exit(2);
}
const unknown = positionals.find((name) => !(name in cases));
if (values.help === true || unknown !== undefined) {
  process.stderr.write(unknown === undefined ? `${USAGE}\n` : `There is no case '${unknown}'.\n${USAGE}\n`);
  process.exit(unknown === undefined ? 0 : 2);
}
const python = pythonOf(values.python);
for (const name of positionals.length > 0 ? positionals : Object.keys(cases)) {
  const compared = await compare(name, python, { turns: Number(values.turns), steps: values.steps === undefined ? undefined : Number(values.steps), eager: values['skip-eager'] !== true, place });
  process.stdout.write(values.json === true ? `${JSON.stringify(compared)}\n` : `${text(compared)}\n`);
}
process.exit(0);
