import type { UPDATES } from '@ganzoo/core';

export const WORKGROUP = 256;

/** Bindings of an update, in their order: what it moves, then gradient, rate, epsilon and the numbers of {@link updateUniforms}. */
const MOVED = { adam: ['weight', 'm', 'v'], rmsprop: ['weight', 'v'] } as const;

/** As the composed updates of `@ganzoo/core` (optimizer-updates.ts), element by element. */
const BODY = {
  adam: `
    let first = m[i] + (g - m[i]) * (1.0 - numbers.beta1);
    let second = v[i] + (g * g - v[i]) * (1.0 - numbers.beta2);
    m[i] = first;
    v[i] = second;
    weight[i] = weight[i] - (first * rate[0]) / (sqrt(second) + epsilon[0]);`,
  rmsprop: `
    let second = v[i] + (g * g - v[i]) * (1.0 - numbers.beta2);
    v[i] = second;
    weight[i] = weight[i] - (g * rate[0]) / (sqrt(second) + epsilon[0]);`,
} as const;

/** Moves weights and their slots in place, in one pass over a piece of memory in which those of a whole optimizer lie. */
export function updateShader(kind: keyof typeof UPDATES): string {
  const moved = MOVED[kind];
  const read = ['gradient', 'rate', 'epsilon'];
  return `
struct Numbers { beta1: f32, beta2: f32, count: u32, padding: u32 }
${moved.map((name, i) => `@group(0) @binding(${i}) var<storage, read_write> ${name}: array<f32>;`).join('\n')}
${read.map((name, i) => `@group(0) @binding(${moved.length + i}) var<storage, read> ${name}: array<f32>;`).join('\n')}
@group(0) @binding(${moved.length + read.length}) var<uniform> numbers: Numbers;

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < numbers.count; i += groups.x * ${WORKGROUP}u) {
    let g = gradient[i];${BODY[kind].replaceAll('\n    ', '\n      ')}
  }
}`;
}

/** @param count elements of each binding. */
export function updateUniforms({ beta1 = 0, beta2, decay }: Readonly<Record<string, number>>, count: number): ArrayBuffer {
  const bytes = new ArrayBuffer(16);
  new Float32Array(bytes, 0, 2).set([beta1, (beta2 ?? decay) as number]);
  new Uint32Array(bytes, 8, 1).set([count]);
  return bytes;
}

/** For programs of {@link WORKGROUP} threads. @param limit of workgroups in a dispatch; each goes on where there are more elements. */
export function workgroupsOf(count: number, limit: number): [number, number, number] {
  return [Math.min(limit, Math.ceil(count / WORKGROUP)), 1, 1];
}
