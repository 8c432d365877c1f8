/** A point of the pen's way. */
export interface PenPoint {
  readonly x: number;
  readonly y: number;
  /** Half the width of the line here. */
  readonly radius: number;
}

/** Straight pieces between two control points. */
const PIECES = 5;
/** Weights of the four points around a span, at the end of each of its pieces (Catmull and Rom, 1974). */
const WEIGHTS = Array.from({ length: PIECES }, (_, piece) => {
  const t = (piece + 1) / PIECES;
  const t2 = t * t;
  const t3 = t2 * t;
  return [(2 * t2 - t - t3) / 2, (2 - 5 * t2 + 3 * t3) / 2, (t + 4 * t2 - 3 * t3) / 2, (t3 - t2) / 2] as const;
});

/**
 * The smooth line through control points, as a polyline.
 * @param points at least two
 */
export function smoothLine(points: readonly PenPoint[]): PenPoint[] {
  const line: PenPoint[] = [points[0] as PenPoint];
  for (let i = 0; i + 1 < points.length; i++) {
    const from = points[i] as PenPoint;
    const to = points[i + 1] as PenPoint;
    const before = points[i - 1] ?? reflected(to, from);
    const after = points[i + 2] ?? reflected(from, to);
    for (const [w0, w1, w2, w3] of WEIGHTS) {
      line.push({
        x: w0 * before.x + w1 * from.x + w2 * to.x + w3 * after.x,
        y: w0 * before.y + w1 * from.y + w2 * to.y + w3 * after.y,
        radius: w0 * before.radius + w1 * from.radius + w2 * to.radius + w3 * after.radius,
      });
    }
  }
  return line;
}

/** Beyond an end the line goes straight on. */
function reflected(point: PenPoint, end: PenPoint): PenPoint {
  return { x: 2 * end.x - point.x, y: 2 * end.y - point.y, radius: end.radius };
}
