import type { Random } from '@ganzoo/core';
import type { PenPoint } from './spline.js';
import { smoothLine } from './spline.js';
import type { Template, TemplatePoint } from './templates.js';
import { templates } from './templates.js';

/** A digit as somebody wrote it once, in pixels. */
export interface WrittenDigit {
  readonly lines: readonly (readonly PenPoint[])[];
  /** Width of the grey edge of a line. */
  readonly softness: number;
}

/** As in MNIST, a digit fits a box of 20 pixels and its centre of mass is put near the image's centre. */
const BOX = 20;

/**
 * Writes a digit as some hand would. All that differs between hands and tries comes from `random`.
 * @param digit 0 .. 9
 * @param side of the image in pixels
 */
export function writeDigit(digit: number, side: number, random: Random): WrittenDigit {
  const template = chooseTemplate(templates[digit] as readonly Template[], random);
  const pen = choosePen(random);
  const bend = chooseDistortion(random);
  const lines = template.strokes.flatMap((stroke) => writeStroke(stroke, bend, pen, random));
  return { lines: place(lines, side, random), softness: pen.softness };
}

function chooseTemplate(choices: readonly Template[], random: Random): Template {
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.uniformNumber(0, total);
  for (const choice of choices) {
    left -= choice.weight;
    if (left < 0) return choice;
  }
  return choices.at(-1) as Template;
}

interface Pen {
  /** Half the width of the line in pixels. */
  readonly radius: number;
  /** How much the pressure varies along a stroke. */
  readonly pressure: number;
  readonly softness: number;
}

function choosePen(random: Random): Pen {
  const radius = between(0.7, 1.32 + 0.3 * bell(random), 2.3);
  return { radius, pressure: random.uniformNumber(0, 0.2), softness: random.uniformNumber(0.9, 1.5) };
}

type Distortion = (x: number, y: number) => [x: number, y: number];

/** A smooth map of the template's box: proportions, slant, bend and turn of this hand. */
function chooseDistortion(random: Random): Distortion {
  const width = between(0.55, 1.03 + 0.23 * bell(random), 1.7);
  const slant = between(-0.45, 0.14 + 0.23 * bell(random), 0.9); // hands lean to the right
  const waist = 0.22 * bell(random); // moves the middle up or down
  const taper = 0.32 * bell(random); // wider above or below
  const curve = 0.17 * bell(random); // bends the upright
  const wave = 0.3 * bell(random); // bends it twice
  const skew = 0.11 * bell(random); // lines across rise or fall
  const [cosine, sine] = turn(0.045 * bell(random));
  return (x, y) => {
    const right = x - 0.3;
    const lower = y - 0.5;
    const across = right * width * (1 + taper * lower) - slant * lower + curve * lower * lower + wave * lower * (lower * lower - 0.2);
    const down = lower + waist * (0.25 - lower * lower) + skew * right;
    return [cosine * across - sine * down, sine * across + cosine * down];
  };
}

/** Cosine and sine of twice the angle whose tangent is given, without trigonometric functions. */
function turn(tangent: number): [cosine: number, sine: number] {
  const scale = 1 / (1 + tangent * tangent);
  return [(1 - tangent * tangent) * scale, 2 * tangent * scale];
}

/** One stroke, as smooth lines between its corners. */
function writeStroke(stroke: readonly TemplatePoint[], distort: Distortion, pen: Pen, random: Random): PenPoint[][] {
  const lines: PenPoint[][] = [];
  let smooth: PenPoint[] = [];
  stroke.forEach(([x, y, corner], i) => {
    const tremor = i === 0 || i === stroke.length - 1 ? 0.042 : 0.026; // ends are the least sure
    const [atX, atY] = distort(x + tremor * bell(random), y + tremor * bell(random));
    const point = { x: atX, y: atY, radius: pen.radius * (1 + pen.pressure * between(-1.5, bell(random), 1.5)) };
    smooth.push(point);
    if (corner !== undefined) {
      lines.push(smoothLine(smooth));
      smooth = [point];
    }
  });
  lines.push(smoothLine(smooth));
  return lines;
}

/** Scales the lines to the box and moves their centre of mass near the image's centre. Radii are in pixels already. */
function place(lines: readonly (readonly PenPoint[])[], side: number, random: Random): PenPoint[][] {
  const points = lines.flat();
  const radius = points.reduce((sum, point) => sum + point.radius, 0) / points.length;
  const [left, right] = extent(points.map(({ x }) => x));
  const [top, bottom] = extent(points.map(({ y }) => y));
  const scale = ((BOX - 2 * radius) / Math.max(right - left, bottom - top)) * random.uniformNumber(0.9, 1);
  const [massX, massY] = centreOfMass(lines);
  const margin = 1.5 + 1.2 * radius; // what is far from the centre of mass still keeps inside the image
  const inside = (shift: number, least: number, most: number): number => between(margin - scale * least, shift, side - margin - scale * most);
  const shiftX = inside(side / 2 - scale * massX + random.uniformNumber(-0.7, 0.7), left, right);
  const shiftY = inside(side / 2 - scale * massY + random.uniformNumber(-0.7, 0.7), top, bottom);
  return lines.map((line) => line.map(({ x, y, radius }) => ({ x: scale * x + shiftX, y: scale * y + shiftY, radius })));
}

function extent(values: readonly number[]): [least: number, most: number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** Centre of the lines, each piece weighted with its length. */
function centreOfMass(lines: readonly (readonly PenPoint[])[]): [x: number, y: number] {
  let mass = 0;
  let massX = 0;
  let massY = 0;
  for (const line of lines) {
    for (let i = 0; i + 1 < line.length; i++) {
      const from = line[i] as PenPoint;
      const to = line[i + 1] as PenPoint;
      const length = Math.sqrt((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y));
      mass += length;
      massX += (length * (from.x + to.x)) / 2;
      massY += (length * (from.y + to.y)) / 2;
    }
  }
  return [massX / mass, massY / mass];
}

const SQRT_3 = 1.7320508075688772;

/**
 * Nearly Gaussian, mean 0 and variance 1, never beyond 3.5: the scaled sum of four uniforms. Unlike Box and Muller's
 * it needs no logarithm, whose last bit differs between machines.
 */
function bell(random: Random): number {
  return (random.uniformNumber() + random.uniformNumber() + random.uniformNumber() + random.uniformNumber() - 2) * SQRT_3;
}

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
