import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Answers the n-th request (0, 1, ...). */
export type Answer = (request: IncomingMessage, response: ServerResponse, n: number) => void;

export interface Server {
  readonly url: string;
  /** The Range header of each request so far, '' where there was none. */
  readonly ranges: string[];
}

/** A server on this machine that goes away with the test. */
export async function serve(answer: Answer): Promise<Server> {
  const ranges: string[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range ?? '');
    answer(request, response, ranges.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`, ranges };
}

/** Sends the whole file, or the range that was asked for. */
export function sending(file: Uint8Array): Answer {
  return (request, response) => {
    const start = startOf(request);
    if (start >= file.length) return void response.writeHead(416, { 'Content-Range': `bytes */${file.length}` }).end();
    const rest = file.subarray(start);
    const range = start > 0 ? { 'Content-Range': `bytes ${start}-${file.length - 1}/${file.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { 'Content-Length': rest.length, ...range }).end(rest);
  };
}

/** Announces what is asked for, sends `bytes` of it and breaks the connection. */
export function cutting(file: Uint8Array, bytes: number): Answer {
  return (request, response) => {
    const start = startOf(request);
    const range = start > 0 ? { 'Content-Range': `bytes ${start}-${file.length - 1}/${file.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { 'Content-Length': file.length - start, ...range });
    response.write(file.subarray(start, start + bytes), () => setTimeout(() => response.destroy(), 20));
  };
}

export const status =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code).end();

function startOf(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
}
