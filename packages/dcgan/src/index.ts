export { dcgan } from './dcgan.js';
export { dcganDiscriminator, type DcganDiscriminatorOptions, dcganGenerator, type DcganGeneratorOptions } from '@ganzoo/core';
