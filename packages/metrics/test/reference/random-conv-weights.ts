/** Writes the values of random-conv64's weights, float32, for random_conv.py. */
import { randomConvValues } from '../../src/extractors/random-conv.js';

for (const values of Object.values(randomConvValues())) process.stdout.write(new Uint8Array(values.buffer));
