import { defineVariant, infer, type Lookup, type Model, type Player, train } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { adam, config, convNet, paper } from './common.js';

const POOL = 6;
type Network = 'generatorAB' | 'generatorBA' | 'discriminatorA' | 'discriminatorB';

/** The generators move first; the discriminators see those fakes, through pools that are part of the saved state. */
export const cycleganSketch = defineVariant({
  name: 'cyclegan-sketch',
  paper,
  task: 'translation',
  requires: { kind: ['images'], twoDomains: true },
  config,
  build({ learningRate, batchSize }, data, random): Model<Network> {
    const shape = data.shape as [number, number, number];
    const pool = (): tf.Variable => tf.tidy(() => tf.variable(tf.zeros([POOL, ...shape]), false));
    const filled = (): tf.Variable => tf.tidy(() => tf.variable(tf.scalar(0), false));
    const cycle = (one: tf.Tensor, other: tf.Tensor): tf.Scalar => tf.mean(tf.abs(tf.sub(one, other)));

    const discriminator = (domain: 'A' | 'B'): Player<Network> => ({
      name: `discriminator${domain}`,
      trains: [`discriminator${domain}`],
      needs: [],
      optimizer: adam(learningRate),
      beforeMove: ({ state, shared, random }) => ({ pooled: throughPool(state, domain, shared.get(`fake${domain}`), random.uniform([2])) }),
      loss({ networks, shared }) {
        const network = networks[`discriminator${domain}`];
        const real = tf.mean(tf.square(tf.sub(train(network, shared.get(`real${domain}`)), 1)));
        const fake = tf.mean(tf.square(train(network, shared.get('pooled'))));
        return { total: tf.mul(tf.add(real, fake), 0.5) };
      },
    });

    return {
      networks: {
        generatorAB: convNet('generatorAB', shape[2], random),
        generatorBA: convNet('generatorBA', shape[2], random),
        discriminatorA: convNet('discriminatorA', shape[2], random),
        discriminatorB: convNet('discriminatorB', shape[2], random),
      },
      state: { poolA: pool(), poolB: pool(), filledA: filled(), filledB: filled() },
      averaged: [],
      batchSize,
      plan: (step) => ({ scalars: { learningRate: learningRate * (step < 2 ? 1 : 0.5) } }),
      players: [
        {
          name: 'generators',
          trains: ['generatorAB', 'generatorBA'],
          needs: ['a', 'b'],
          optimizer: adam(learningRate),
          loss({ networks: { generatorAB, generatorBA, discriminatorA, discriminatorB }, batch: { a, b } }) {
            const [fakeB, fakeA] = [train(generatorAB, a), train(generatorBA, b)];
            const adversarial = tf.add(
              tf.mean(tf.square(tf.sub(train(discriminatorB, fakeB), 1))),
              tf.mean(tf.square(tf.sub(train(discriminatorA, fakeA), 1))),
            ) as tf.Scalar;
            const back = tf.add(cycle(train(generatorBA, fakeB), a), cycle(train(generatorAB, fakeA), b)) as tf.Scalar;
            return { total: tf.add(adversarial, tf.mul(back, 10)), log: { adversarial, cycle: back }, shared: { fakeA, fakeB, realA: a, realB: b } };
          },
        },
        discriminator('A'),
        discriminator('B'),
      ],
      translate: ({ generatorAB, generatorBA }, x, direction) => infer(direction === 'AtoB' ? generatorAB : generatorBA, x),
    };
  },
});

/** While the pool fills, the newest fakes go in and are used; then half of the time an old one is used and replaced. No host reads. */
function throughPool(state: Lookup<tf.Variable>, domain: 'A' | 'B', fake: tf.Tensor, draws: tf.Tensor): tf.Tensor {
  const [pool, filled] = [state.get(`pool${domain}`), state.get(`filled${domain}`)];
  const [coin, place] = tf.unstack(draws) as [tf.Scalar, tf.Scalar];
  const full = tf.greaterEqual(filled, POOL);
  const swap = tf.logicalAnd(full, tf.less(coin, 0.5));
  const slot = tf.where(full, tf.floor(tf.mul(place, POOL)), filled);
  const here = tf.reshape(tf.cast(tf.equal(tf.range(0, POOL), slot), 'float32'), [POOL, 1, 1, 1]);
  const newest = tf.slice(fake, 0, 1);
  const old = tf.sum(tf.mul(pool, here), 0, true);
  const writes = tf.mul(here, tf.cast(tf.logicalOr(swap, tf.logicalNot(full)), 'float32'));
  pool.assign(tf.add(tf.mul(pool, tf.sub(1, writes)), tf.mul(newest, writes)));
  filled.assign(tf.minimum(tf.add(filled, 1), POOL));
  return tf.where(swap, old, newest);
}
