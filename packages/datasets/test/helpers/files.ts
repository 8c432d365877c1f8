import { createHash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';

/** Bytes of an IDX file, written out by the format's description. */
export function idxBytes(shape: readonly number[], data: ArrayLike<number>, { type = 8 } = {}): Uint8Array {
  const header = shape.flatMap((side) => [side >>> 24, (side >>> 16) & 255, (side >>> 8) & 255, side & 255]);
  return Uint8Array.from([0, 0, type, shape.length, ...header, ...Array.from(data)]);
}

/** Bytes of an NPY file of version 1, as `numpy.save` writes it. */
export function npyBytes(shape: readonly number[], data: ArrayLike<number>, { type = '|u1', fortran = 'False' } = {}): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '${type}', 'fortran_order': ${fortran}, 'shape': ${tuple}, }`;
  const padded = `${header.padEnd(Math.ceil((10 + header.length + 1) / 64) * 64 - 10 - 1)}\n`;
  return Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8, ...Buffer.from(padded), ...Array.from(data)]);
}

/** A ZIP archive with deflated entries, by the format's description (APPNOTE 4.3). */
export function zipBytes(entries: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const [name, content] of Object.entries(entries)) {
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version needed
    common.writeUInt16LE(8, 4); // deflate
    common.writeUInt16LE(0x21, 8); // 1 January 1980
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const offset = Buffer.alloc(14);
    offset.writeUInt32LE(Buffer.concat(parts).length, 10);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, offset, Buffer.from(name));
    parts.push(Buffer.from([0x50, 0x4b, 3, 4]), common, Buffer.from(name), packed);
  }
  const local = Buffer.concat(parts);
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(entries).length, 8);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

export function hexOf(kind: 'sha256' | 'md5', bytes: Uint8Array): string {
  return createHash(kind).update(bytes).digest('hex');
}

/** One member of a tar archive, honest or not. */
export interface TarMember {
  readonly path: string;
  readonly content?: Uint8Array;
  /** As the format has it: '0' a file, '1' a hard link, '2' a symbolic link, '3' a device, '5' a folder. */
  readonly type?: string;
  readonly linkTo?: string;
  /** What the header says; @default the content's */
  readonly size?: number;
}

/** A tar archive in the ustar format (POSIX.1-1988), by its description. */
export function tarBytes(members: readonly TarMember[]): Buffer {
  const blocks = members.flatMap(({ path, content = new Uint8Array(0), type = '0', linkTo = '', size = content.length }) => {
    const header = Buffer.alloc(512);
    const octal = (value: number, at: number, length: number): number => header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
    header.write(path, 0, 100, 'latin1');
    octal(0o644, 100, 8);
    octal(0, 108, 8);
    octal(0, 116, 8);
    octal(size, 124, 12);
    octal(0, 136, 12);
    header.write(`        ${type}`, 148, 'latin1');
    header.write(linkTo, 157, 100, 'latin1');
    header.write('ustar\u000000', 257, 'latin1');
    header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
    return [header, content, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
