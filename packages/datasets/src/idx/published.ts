import type { PublishedFile } from '../files/archive.js';
import type { IdxArchive } from './archive.js';

const IMAGES = ['train-images-idx3-ubyte.gz', 't10k-images-idx3-ubyte.gz'] as const;
const LABELS = ['train-labels-idx1-ubyte.gz', 't10k-labels-idx1-ubyte.gz'] as const;

const sha256 = (file: string, bytes: number, hex: string): PublishedFile => ({ file, bytes, checksum: { kind: 'sha256', hex } });
const md5 = (file: string, hex: string): PublishedFile => ({ file, checksum: { kind: 'md5', hex } });

/** Mirrors of the original files; the original address (yann.lecun.com) no longer serves them. */
export const mnistArchive: IdxArchive = {
  name: 'mnist',
  folders: ['mnist', 'MNIST/raw'],
  mirrors: ['https://ossci-datasets.s3.amazonaws.com/mnist/', 'https://storage.googleapis.com/cvdf-datasets/mnist/'],
  splits: {
    train: {
      length: 60_000,
      images: [sha256(IMAGES[0], 9_912_422, '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609')],
      labels: [sha256(LABELS[0], 28_881, '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c')],
    },
    test: {
      length: 10_000,
      images: [sha256(IMAGES[1], 1_648_877, '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6')],
      labels: [sha256(LABELS[1], 4_542, 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6')],
    },
  },
};

export const fashionMnistArchive: IdxArchive = {
  name: 'fashion-mnist',
  folders: ['fashion-mnist', 'fashion', 'FashionMNIST/raw'],
  mirrors: ['http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/'],
  splits: {
    train: {
      length: 60_000,
      images: [sha256(IMAGES[0], 26_421_880, '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84')],
      labels: [sha256(LABELS[0], 29_515, 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845')],
    },
    test: {
      length: 10_000,
      images: [sha256(IMAGES[1], 4_422_102, '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073')],
      labels: [sha256(LABELS[1], 5_148, '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5')],
    },
  },
};

/**
 * Published as IDX and as NumPy arrays, the same images in the same order. The authors' checksums of the IDX files
 * are md5. For `kmnist-train-imgs.npz` none is known.
 */
export const kmnistArchive: IdxArchive = {
  name: 'kmnist',
  folders: ['kmnist', 'KMNIST/raw'],
  mirrors: ['http://codh.rois.ac.jp/kmnist/dataset/kmnist/'],
  splits: {
    train: {
      length: 60_000,
      images: [md5(IMAGES[0], 'bdb82020997e1d708af4cf47b453dcf7'), { file: 'kmnist-train-imgs.npz' }],
      labels: [
        md5(LABELS[0], 'e144d726b3acfaa3e44228e80efcd344'),
        sha256('kmnist-train-labels.npz', 29_700, 'a325c877035602cb9b9ba54f4194a2a1b5f718026a463db5b5e0cdc124c03720'),
      ],
    },
    test: {
      length: 10_000,
      images: [
        md5(IMAGES[1], '5c965bf0a639b31b8f53240b1b52f4d7'),
        sha256('kmnist-test-imgs.npz', 3_079_479, '692d824896bec8f3c357ebf7a0fe904ed67ac632ce953d0b58f7fbef7bb27d87'),
      ],
      labels: [
        md5(LABELS[1], '7320c461ea6c1c855c0b718fb2a4b134'),
        sha256('kmnist-test-labels.npz', 5_304, '660f13a4705431ea2a6391c41ecbe384cd0d932c595a101ec4f3b8989e785046'),
      ],
    },
  },
};
