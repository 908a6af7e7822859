/**
 * Which package may import which: the table of docs/architecture.md as data. A package that stands here may import the
 * packages listed, itself and nothing else of the workspace.
 */
export interface Layer {
  readonly imports: readonly string[];
  /** Protocol packages take sockets, timers, clock and randomness through ports, so `node:` modules are closed to them. */
  readonly node: boolean;
  /** Packages of the npm registry. */
  readonly external: readonly string[];
}

const protocol = (imports: readonly string[], external: readonly string[] = []): Layer => ({
  imports,
  node: false,
  external,
});
const adapter = (imports: readonly string[], external: readonly string[] = []): Layer => ({
  imports,
  node: true,
  external,
});

const libraries = [
  'kernel',
  'coap',
  'dtls',
  'oscore',
  'xmpp',
  'igrs',
  'lwm2m',
  'lwm2m-objects',
  'china-mobile-dm',
  'directory',
  'node-runtime',
  'storage',
  'contract',
];

export const layers: Readonly<Record<string, Layer>> = {
  kernel: protocol([]),
  coap: protocol(['kernel']),
  dtls: protocol(['kernel']),
  oscore: protocol(['coap', 'kernel']),
  xmpp: protocol(['kernel']),
  igrs: protocol(['xmpp', 'kernel']),
  'lwm2m-objects': protocol(['kernel'], ['fast-xml-parser', 'saxes']),
  lwm2m: protocol(['coap', 'kernel', 'lwm2m-objects']),
  'china-mobile-dm': protocol(['lwm2m', 'lwm2m-objects', 'coap', 'kernel']),
  directory: protocol(['kernel']),
  contract: protocol(['kernel'], ['typebox']),
  'node-runtime': adapter(
    ['kernel', 'dtls', 'oscore', 'directory', 'xmpp', 'igrs'],
    ['koffi', 'mqtt', 'pino', 'prom-client', 'ws', '@peculiar/x509', 'reflect-metadata', 'werift'],
  ),
  storage: adapter(['kernel', 'directory', 'lwm2m', 'oscore', 'xmpp']),
  testkit: adapter(['kernel']),
  server: adapter(
    [...libraries, 'simulator'],
    ['fastify', '@fastify/swagger', '@fastify/type-provider-typebox', 'mqtt', 'typebox', 'uqr', 'yaml'],
  ),
  console: protocol(['contract'], ['preact', 'uplot']),
  simulator: adapter(libraries, ['koffi']),
  cli: adapter([...libraries, 'server', 'simulator'], ['commander', 'uqr', 'yaml']),
};

/** What tests, benches and generators may import besides: they are not shipped. */
export const developmentOnly = ['testkit'];
