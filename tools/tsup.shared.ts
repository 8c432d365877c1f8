import { defineConfig, type Options } from 'tsup';

/** Every package's build: ES modules with types. Dependencies and peers stay imports. */
export function build(options: Options): ReturnType<typeof defineConfig> {
  return defineConfig({
    format: 'esm',
    target: 'es2022',
    dts: true,
    sourcemap: true,
    clean: true,
    tsconfig: '../../tsconfig.build.json',
    ...options,
  });
}
