/** What an installation computes on. */
export type InstallDevice = 'cpu' | 'cuda';

/**
 * Everything that an installation is made from. `key` names all of it, so that no installation is ever taken for one
 * that was made differently.
 */
export interface Recipe {
  /** Name of the installation's folder. */
  readonly key: string;
  readonly device: InstallDevice;
  /** The JavaScript half: `@tensorflow/tfjs-node`, or its twin for GPUs. */
  readonly tfjsNode: { readonly name: TfjsNodeName; readonly version: string };
  /** Further npm packages, `name@version`: what the JavaScript half requires, and Node-API's headers. */
  readonly npmPackages: readonly string[];
  readonly tensorflow: string;
  /** What pip is asked for, `name==version`. The first one is TensorFlow. */
  readonly wheels: readonly string[];
  /** Tags of the wheels, so that the Python that happens to be installed does not matter. */
  readonly wheelTags: readonly string[];
  /** TensorFlow's shared libraries, inside the folder `tensorflow` of its wheel. */
  readonly libraries: readonly string[];
  /** NVIDIA's libraries that TensorFlow opens at run time, inside the folder `nvidia` of their wheels. None for the processor. */
  readonly gpuLibraries: readonly string[];
  /** Bytes that pip downloads. */
  readonly downloadBytes: number;
  /** Free bytes needed while installing: pip's cache, the wheels and the unpacked libraries. */
  readonly diskBytes: number;
}

export type TfjsNodeName = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

/** The Python whose wheels are asked for. Only the C libraries in them are used. */
export const WHEEL_PYTHON = '3.11';

const TFJS_NODE = '4.22.0';
const TENSORFLOW = '2.21.0';
/** Counts changes of the installer that change what it leaves behind. */
const REVISION = 1;

const LINUX_LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** The versions that TensorFlow 2.21's extra `and-cuda` names as its lowest: those it was built with. */
const NVIDIA_WHEELS = [
  'nvidia-cublas-cu12==12.5.3.2',
  'nvidia-cuda-cupti-cu12==12.5.82',
  'nvidia-cuda-nvrtc-cu12==12.5.82',
  'nvidia-cuda-runtime-cu12==12.5.82',
  'nvidia-cudnn-cu12==9.3.0.75',
  'nvidia-cufft-cu12==11.2.3.61',
  'nvidia-curand-cu12==10.3.6.82',
  'nvidia-cusolver-cu12==11.6.3.83',
  'nvidia-cusparse-cu12==12.5.1.3',
  'nvidia-nccl-cu12==2.27.7',
  'nvidia-nvjitlink-cu12==12.5.82',
];

const NVIDIA_LIBRARIES = [
  'cublas/lib/libcublas.so.12',
  'cublas/lib/libcublasLt.so.12',
  'cuda_cupti/lib/libcupti.so.12',
  'cuda_nvrtc/lib/libnvrtc.so.12',
  'cuda_runtime/lib/libcudart.so.12',
  'cudnn/lib/libcudnn.so.9',
  'cufft/lib/libcufft.so.11',
  'cusolver/lib/libcusolver.so.11',
  'cusparse/lib/libcusparse.so.12',
  'nccl/lib/libnccl.so.2',
  'nvjitlink/lib/libnvJitLink.so.12',
];

type Wheels = Pick<Recipe, 'wheels' | 'wheelTags' | 'libraries' | 'downloadBytes' | 'diskBytes'> & Partial<Pick<Recipe, 'gpuLibraries'>>;

/** Where TensorFlow publishes wheels that carry its C library, by `device platform arch`. */
const WHEELS: Readonly<Record<string, Wheels>> = {
  'cpu linux x64': {
    wheels: [`tensorflow-cpu==${TENSORFLOW}`],
    wheelTags: ['manylinux_2_27_x86_64'],
    libraries: LINUX_LIBRARIES,
    downloadBytes: 273.8e6,
    diskBytes: 1.5e9,
  },
  'cpu linux arm64': {
    wheels: [`tensorflow==${TENSORFLOW}`],
    wheelTags: ['manylinux_2_27_aarch64'],
    libraries: LINUX_LIBRARIES,
    downloadBytes: 281.8e6,
    diskBytes: 1.5e9,
  },
  'cpu darwin arm64': {
    wheels: [`tensorflow==${TENSORFLOW}`],
    wheelTags: ['macosx_12_0_arm64'],
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
    downloadBytes: 223.4e6,
    diskBytes: 1.3e9,
  },
  'cuda linux x64': {
    wheels: [`tensorflow==${TENSORFLOW}`, ...NVIDIA_WHEELS],
    wheelTags: ['manylinux_2_27_x86_64', 'manylinux2014_x86_64'],
    libraries: LINUX_LIBRARIES,
    gpuLibraries: NVIDIA_LIBRARIES,
    downloadBytes: 2.493e9,
    diskBytes: 8.5e9,
  },
};

/** How to install for this device on this machine; undefined where TensorFlow has no library for it. */
export function recipeFor(device: InstallDevice, platform: string = process.platform, arch: string = process.arch): Recipe | undefined {
  const wheels = WHEELS[`${device} ${platform} ${arch}`];
  if (wheels === undefined) return undefined;
  return {
    key: `tfjs-node-${TFJS_NODE}-tensorflow-${TENSORFLOW}-${platform}-${arch}-${device}-r${REVISION}`,
    device,
    tfjsNode: { name: device === 'cuda' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node', version: TFJS_NODE },
    npmPackages: ['google-protobuf@3.21.4', 'progress@2.0.3', 'node-api-headers@1.9.0'],
    tensorflow: TENSORFLOW,
    gpuLibraries: [],
    ...wheels,
  };
}
