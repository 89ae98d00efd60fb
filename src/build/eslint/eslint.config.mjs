// What the scripts keep to that come with the program: those of pages run in browsers, those of the runner in Node.
import js from '@eslint/js';
import globals from 'globals';

const rules = {
  ...js.configs.recommended.rules,
  // Terminals' escape sequences are matched as they are.
  'no-control-regex': 'off',
  // Node wants a reporter to be a generator, also one that writes nothing.
  'require-yield': 'off',
  'array-callback-return': 'error',
  'consistent-return': 'error',
  curly: 'error',
  'default-case-last': 'error',
  'dot-notation': 'error',
  eqeqeq: 'error',
  'guard-for-in': 'error',
  'no-constructor-return': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-implicit-globals': 'error',
  'no-loop-func': 'error',
  'no-new-func': 'error',
  'no-self-compare': 'error',
  'no-template-curly-in-string': 'error',
  'no-throw-literal': 'error',
  'no-unused-expressions': 'error',
  'no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
  'no-useless-concat': 'error',
  'no-useless-return': 'error',
  'no-unused-vars': ['error', { caughtErrors: 'none' }],
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'prefer-rest-params': 'error',
  'prefer-spread': 'error',
  strict: ['error', 'function'],
};

export default [
  { ignores: ['**/cli/demo/**'] }, // a sample of somebody's project
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/report/*.js', '**/jenkins/**/*.js'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'script', globals: globals.browser },
    rules,
  },
  {
    files: ['**/runner/node/*.mjs', '**/eslint/*.mjs'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'module', globals: globals.node },
    rules,
  },
  {
    files: ['**/runner/node/*.cjs', '**/compare/*.cjs'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'commonjs', globals: globals.node },
    rules: { ...rules, strict: ['error', 'global'] },
  },
];
