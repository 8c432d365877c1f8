/** Shares of red, green and blue in a grey, of ITU-R BT.601. */
export const GREY = [0.299, 0.587, 0.114] as const;

/** Images of 1 or 3 channels with as many as are asked for: colour from grey by repetition, grey from colour by {@link GREY}. */
export function toChannels(values: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return values;
  return to === 3 ? repeated(values) : grey(values);
}

function repeated(values: Float32Array): Float32Array {
  const coloured = new Float32Array(3 * values.length);
  for (let i = 0; i < values.length; i++) coloured.fill(values[i] as number, 3 * i, 3 * i + 3);
  return coloured;
}

function grey(values: Float32Array): Float32Array {
  const [red, green, blue] = GREY;
  const at = (i: number): number => values[i] as number;
  return Float32Array.from({ length: values.length / 3 }, (_, i) => red * at(3 * i) + green * at(3 * i + 1) + blue * at(3 * i + 2));
}
