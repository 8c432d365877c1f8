import type { PenPoint } from './spline.js';

/**
 * Draws lines with round ends into a square grey image by distance: a pixel whose centre lies `distance` from a line
 * of half width `radius` is covered by (radius - distance) / softness + 1/2, cut to 0 .. 1. Where lines cross, the
 * larger coverage counts.
 *
 * Uses +, -, *, / and square roots only, which IEEE 754 rounds correctly: every machine draws the same bytes.
 * @param lines in pixels; the centre of the first pixel is at (0.5, 0.5)
 * @param softness width of the grey edge in pixels
 * @param image [side * side], 0 (background) .. 255; what is there already stays where it is lighter
 */
export function drawLines(lines: readonly (readonly PenPoint[])[], softness: number, image: Uint8Array, side: number): void {
  for (const line of lines) {
    for (let i = 0; i + 1 < line.length; i++) drawPiece(line[i] as PenPoint, line[i + 1] as PenPoint, softness, image, side);
  }
}

function drawPiece(from: PenPoint, to: PenPoint, softness: number, image: Uint8Array, side: number): void {
  const reach = Math.max(from.radius, to.radius) + softness / 2;
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
  const right = Math.min(side - 1, Math.floor(Math.max(from.x, to.x) + reach));
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
  const bottom = Math.min(side - 1, Math.floor(Math.max(from.y, to.y) + reach));
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const squaredLength = dx * dx + dy * dy;
  for (let row = top; row <= bottom; row++) {
    const y = row + 0.5 - from.y;
    for (let column = left; column <= right; column++) {
      const x = column + 0.5 - from.x;
      const along = squaredLength > 0 ? Math.min(1, Math.max(0, (x * dx + y * dy) / squaredLength)) : 0;
      const awayX = x - along * dx;
      const awayY = y - along * dy;
      const squaredDistance = awayX * awayX + awayY * awayY;
      if (squaredDistance >= reach * reach) continue;
      const radius = from.radius + along * (to.radius - from.radius);
      const coverage = (radius - Math.sqrt(squaredDistance)) / softness + 0.5;
      const byte = Math.floor(255 * Math.min(1, Math.max(0, coverage)) + 0.5);
      const at = row * side + column;
      if (byte > (image[at] as number)) image[at] = byte;
    }
  }
}
