/** Units of the drawing along a side; a point's place is rounded to one. */
const SIDE = 500;
/** Share of the data's range that is left free around it. */
const MARGIN = 0.25;
const STYLE = 'path{stroke-linecap:round;fill:none}.r{stroke:#59616c;stroke-width:14}.g{stroke:#f09a63;stroke-width:5}';
/** As between the images of a grid. */
const BACKGROUND = '#202020';

/** Points with their first two coordinates, [n, columns] row-major; a point of one coordinate is drawn at height 0. */
export interface Points {
  readonly values: Float32Array;
  readonly columns: number;
}

/**
 * A scatter plot as an SVG: real points grey and large, generated ones small upon them. The frame is that of the real
 * points with a margin, so that equal data give equal frames; what lies outside is not seen.
 */
export function encodeScatter(real: Points, generated: Points): Uint8Array {
  const [across, up] = [0, 1].map((axis) => frame(coordinates(real, axis)));
  const path = (points: Points): string => {
    const [xs, ys] = [coordinates(points, 0), coordinates(points, 1)];
    const places = xs.map((x, i) => [across?.(x), SIDE - (up?.(ys[i] as number) as number)] as [number, number]);
    const inside = places.filter((place) => place.every((value) => value >= 0 && value <= SIDE)).map((place) => place.map(Math.round).join(' '));
    return [...new Set(inside)].map((place) => `M${place}h0`).join('');
  };
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="260" height="260" viewBox="0 0 ${SIDE} ${SIDE}"><style>${STYLE}</style><rect width="${SIDE}" height="${SIDE}" fill="${BACKGROUND}"/><path class="r" d="${path(real)}"/><path class="g" d="${path(generated)}"/></svg>`;
  return new TextEncoder().encode(svg);
}

/** Maps the range of values, with its margin, to 0 .. SIDE. */
function frame(values: readonly number[]): (value: number) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = high - low || 1;
  return (value) => (SIDE * (value - low + MARGIN * range)) / (range * (1 + 2 * MARGIN));
}

function coordinates({ values, columns }: Points, axis: number): number[] {
  return Array.from({ length: values.length / columns }, (_, i) => (axis < columns ? (values[i * columns + axis] as number) : 0));
}
