/**
 * Who may know whom. `npx nx check-imports` (part of `npm test`) fails when a package reaches where it must not.
 */
const VARIANT_OR_ROOM = '^packages/(?!(?:core|engine|datasets|metrics|bench)/)([^/]+)/src';
const OURS = '^packages/([^/]+)/src';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'variants-know-core-only',
      comment: 'A variant imports @ganzoo/core and TF.js, nothing else of ours.',
      severity: 'error',
      from: { path: VARIANT_OR_ROOM },
      to: { path: OURS, pathNot: ['^packages/core/src', '^packages/$1/src'] },
    },
    {
      name: 'engine-datasets-metrics-know-core-only',
      comment: 'The engine, the data sets and the metrics know core (its types, errors and file helpers), and not each other.',
      severity: 'error',
      from: { path: '^packages/(engine|datasets|metrics)/src' },
      to: { path: OURS, pathNot: ['^packages/core/src', '^packages/$1/src'] },
    },
    {
      name: 'core-knows-nobody',
      severity: 'error',
      from: { path: '^packages/core/src' },
      to: { path: OURS, pathNot: '^packages/core/src' },
    },
    {
      name: 'bench-finds-variants-by-name',
      comment: 'The bench discovers variant packages; its source names none.',
      severity: 'error',
      from: { path: '^packages/bench/src' },
      to: { path: VARIANT_OR_ROOM },
    },
    {
      name: 'browser-entries-stay-in-the-browser',
      comment: "core's and every variant's main entry and the engine's gradients run in a browser: what needs Node sits behind @ganzoo/core/node.",
      severity: 'error',
      from: { path: '^packages/[^/]+/src', pathNot: ['^packages/(engine/src/(?!gradients/)|datasets|metrics|bench)', '^packages/core/src/(node|testing)/'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'browser-entries-do-not-reach-node-parts',
      severity: 'error',
      from: { path: '^packages/core/src', pathNot: '^packages/core/src/(node|testing)/' },
      to: { path: '^packages/core/src/(node|testing)/' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one subject. Types may be mutual.',
      severity: 'error',
      from: { path: OURS },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'dependencies-are-declared',
      severity: 'error',
      from: { path: OURS },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    includeOnly: { path: '^packages/[^/]+/src|node_modules|^node:|^[a-z_/]+$' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: { conditionNames: ['@ganzoo/source', 'import', 'node', 'types', 'default'], exportsFields: ['exports'] },
    combinedDependencies: true,
  },
};
