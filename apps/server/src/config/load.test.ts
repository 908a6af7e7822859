import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { ConfigError, type ConfigSources, loadConfig } from './load.ts';
import { defaultConfig, flagOf, settingNames, settingOf, variableOf } from './settings.ts';
import { configText, helpText } from './show.ts';

function load(args: string[] = [], environment: Record<string, string> = {}, file?: string) {
  const sources: ConfigSources = { args, environment, readFile: () => file };
  return loadConfig(sources);
}

function mistakes(args: string[] = [], environment: Record<string, string> = {}, file?: string): string[] {
  try {
    load(args, environment, file);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

test('nothing set: the defaults', () => {
  const { config, file } = load();
  assert.deepEqual(config, defaultConfig());
  assert.equal(file, undefined);
});

test('every default is one that its own setting would read', () => {
  for (const name of settingNames) {
    const setting = settingOf(name);
    const written = setting.write(setting.default);
    if (written !== undefined) assert.deepEqual(setting.read(written), { ok: true, value: setting.default }, name);
    assert.ok(setting.read(setting.example).ok, `the example of ${name}`);
  }
});

test('the file is under the environment, which is under the flags', () => {
  const file = 'http:\n  port: 1001\n  host: 0.0.0.0\ncoap: { port: 1 }\n';
  const { config, origins } = load(
    ['--http-port', '1003'],
    { YAOLIAN_HTTP_PORT: '1002', YAOLIAN_COAP_PORT: '2' },
    file,
  );
  assert.equal(config['http.port'], 1003);
  assert.equal(config['http.host'], '0.0.0.0');
  assert.equal(config['coap.port'], 2);
  assert.equal(origins.get('http.port'), 'the flag --http-port');
  assert.equal(origins.get('http.host'), 'data/yaolian.yaml line 3');
  assert.equal(origins.get('coap.port'), 'the environment variable YAOLIAN_COAP_PORT');
  assert.equal(origins.get('log.level'), 'default');
});

test('variables of the command line tool are none of the platform', () => {
  const environment = {
    YAOLIAN_URL: 'http://x',
    YAOLIAN_TOKEN: 't',
    YAOLIAN_RA_USER: 'ann@home.example',
    YAOLIAN_RA_PASSWORD: 'p',
    YAOLIAN_RA_SERVER: '127.0.0.1',
    YAOLIAN_RA_CA: 'certificate.pem',
  };
  assert.equal(load([], environment).config['ra.domain'], undefined);
});

test('values take every form that people write', () => {
  const file = 'stop: { drain: 1m30s }\nhttp: { body-limit: 64KiB, public-metrics: yes }\ncoap: { host: localhost }\n';
  const { config } = load(['--no-coap-multicast', '--log-level=debug'], { YAOLIAN_COAP_RATE_LIMITING: 'off' }, file);
  assert.equal(config['stop.drain'], seconds(90));
  assert.equal(config['http.body-limit'], 65536);
  assert.equal(config['http.public-metrics'], true);
  assert.equal(config['coap.host'], '127.0.0.1');
  assert.equal(config['coap.multicast'], false);
  assert.equal(config['coap.rate-limiting'], false);
  assert.equal(config['log.level'], 'debug');
});

test('an empty file sets nothing', () => {
  for (const file of ['', '# only a comment\n', '---\n', '{}\n'])
    assert.deepEqual(load([], {}, file).config, defaultConfig());
});

test('a wrong value in the file: where, what and what is right', () => {
  assert.deepEqual(mistakes([], {}, 'coap:\n  port: x\n'), [
    'coap.port in data/yaolian.yaml line 2: "x" is not right: it must be a whole number from 0 to 65535',
  ]);
  assert.deepEqual(mistakes([], {}, 'stop: { drain: 5 }\n'), [
    'stop.drain in data/yaolian.yaml line 1: 5 is not right: it must be a duration from 0s to 10m, such as 250ms, 30s, 15m or 24h',
  ]);
  assert.match(mistakes([], {}, 'log: { level: [a] }\n')[0]!, /must be one of debug, info, warn, error, silent/);
  assert.match(mistakes([], {}, 'log: { level: }\n')[0]!, /null is not right/);
});

test('a wrong key in the file: what was meant', () => {
  assert.deepEqual(mistakes([], {}, 'coap:\n  prot: 1\n'), [
    'data/yaolian.yaml line 2: there is no setting "coap.prot"; did you mean coap.port?',
  ]);
  assert.deepEqual(mistakes([], {}, 'colour: blue\n'), [
    'data/yaolian.yaml line 1: there is no setting "colour"; --help lists all settings',
  ]);
  assert.match(
    mistakes([], {}, 'http: 8080\n')[0]!,
    /"http" is a group: write its settings below it, indented \(host, port/,
  );
  assert.match(mistakes([], {}, '? [a, b]\n: 1\n')[0]!, /there is no setting/);
});

test('a file that is no configuration, or not YAML', () => {
  assert.match(mistakes([], {}, '- a\n- b\n')[0]!, /a configuration file is a list of "setting: value" lines/);
  assert.match(mistakes([], {}, 'a: [1\nb: 2\n')[0]!, /line 2: this is not YAML: /);
  assert.match(
    mistakes([], {}, 'log: { level: debug }\nlog: { level: info }\n')[0]!,
    /line 2: this is not YAML: .*unique/,
  );
});

test('a file that was named must be there and readable', () => {
  assert.deepEqual(mistakes(['--config', '/x.yaml']), ['the flag --config: there is no file /x.yaml']);
  assert.deepEqual(mistakes([], { YAOLIAN_CONFIG: '/y.yaml' }), [
    'the environment variable YAOLIAN_CONFIG: there is no file /y.yaml',
  ]);
  const readFile = () => {
    throw new Error('EACCES: permission denied');
  };
  assert.throws(() => loadConfig({ args: [], environment: {}, readFile }), /the file cannot be read \(EACCES/);
});

test('the file in the data folder cannot move the data folder; a named one can', () => {
  assert.match(mistakes([], {}, 'data-dir: /elsewhere\n')[0]!, /cannot move it; use --data-dir/);
  assert.equal(load(['--config', '/etc/y.yaml'], {}, 'data-dir: /elsewhere\n').config['data-dir'], '/elsewhere');
});

test('the file is looked for in the data folder that flags or environment name', () => {
  const asked: string[] = [];
  const readFile = (path: string) => void asked.push(path);
  loadConfig({
    args: ['--data-dir', '/d1'],
    environment: { YAOLIAN_DATA_DIR: '/d2' },
    readFile: readFile as () => undefined,
  });
  loadConfig({ args: [], environment: { YAOLIAN_DATA_DIR: '/d2' }, readFile: readFile as () => undefined });
  assert.deepEqual(asked, ['/d1/yaolian.yaml', '/d2/yaolian.yaml']);
});

test('a wrong variable', () => {
  assert.deepEqual(mistakes([], { YAOLIAN_HTTP_PORT: '80a' }), [
    'the environment variable YAOLIAN_HTTP_PORT: "80a" is not right: it must be a whole number from 0 to 65535',
  ]);
  assert.deepEqual(mistakes([], { YAOLIAN_HTP_PORT: '80' }), [
    'the environment variable YAOLIAN_HTP_PORT: there is no such setting; did you mean YAOLIAN_HTTP_PORT?',
  ]);
  assert.deepEqual(mistakes([], { YAOLIAN_TOKEN: 't', YAOLIAN_URL: 'u', HOME: '/', YAOLIANISM: '1' }), []);
  assert.deepEqual(mistakes([], { YAOLIAN_UDP_ADAPTER: 'portable', YAOLIAN_CRYPTO_ADAPTER: 'node' }), []);
});

test('a wrong flag', () => {
  assert.deepEqual(mistakes(['--http-port', '70000']), [
    'the flag --http-port: "70000" is not right: it must be a whole number from 0 to 65535',
  ]);
  assert.deepEqual(mistakes(['--htp-port', '1']), [
    'the flag --htp-port: there is no such flag; did you mean --http-port?',
  ]);
  assert.deepEqual(mistakes(['--http-port']), ['the flag --http-port: a value is missing; write --http-port <port>']);
  assert.deepEqual(mistakes(['--http-port', '--log-level', 'info']), [
    'the flag --http-port: a value is missing; write --http-port <port>',
  ]);
  assert.deepEqual(mistakes(['8080']), ['the argument "8080": flags begin with --; --help lists all flags']);
  assert.deepEqual(mistakes(['--config']), ['the flag --config: a value is missing; write --config <file>']);
  assert.deepEqual(mistakes(['--coap-tcp', 'false']), [
    'the argument "false": --coap-tcp takes no word after it; write --coap-tcp or --no-coap-tcp',
  ]);
});

test('all mistakes are told at once, and help works in spite of them', () => {
  assert.equal(mistakes(['--log-level', 'loud', '--x'], { YAOLIAN_COAP_PORT: '-' }, 'y: 1\n').length, 4);
  assert.ok(load(['--help', '--log-level', 'loud']).actions.has('--help'));
  assert.ok(load(['-h']).actions.has('--help'));
});

test('a long wrong value is cut', () => {
  assert.ok(mistakes(['--http-port', 'x'.repeat(10_000)])[0]!.length < 200);
});

test('the help has a heading for every group of settings', () => {
  const headings = helpText('yaolian serve').matchAll(/^(?! |Usage:)(.+)$/gm);
  for (const [heading] of headings) assert.match(heading, /^[A-Z]/, heading);
});

test('the help names every setting, its flag and its variable', () => {
  const help = helpText('yaolian serve');
  for (const name of settingNames) {
    assert.ok(help.includes(flagOf(name)), name);
    assert.ok(help.includes(variableOf(name)), name);
    assert.ok(help.includes(settingOf(name).description), name);
  }
});

test('the printed configuration sets the same again', () => {
  const loaded = load([
    '--http-port',
    '9',
    '--stop-drain',
    '1m30s',
    '--coap-bootstrap-port',
    '5',
    '--no-coap-multicast',
  ]);
  const again = load(['--config', '/again.yaml'], {}, configText(loaded));
  assert.deepEqual(again.config, loaded.config);
  assert.match(configText(loaded), /port: 9 # the flag --http-port/);
});

test('a flag that is given twice is refused: nobody can tell which is meant', () => {
  const twice = (flag: string) => [`the flag ${flag}: it is given more than once; leave all but one out`];
  assert.deepEqual(mistakes(['--http-port', '1', '--http-port=1']), twice('--http-port'));
  assert.deepEqual(mistakes(['--coap-tcp=on', '--coap-tcp=off']), twice('--coap-tcp'));
  assert.deepEqual(mistakes(['--config', '/a', '--config', '/a']), [
    'the flag --config: there is no file /a',
    ...twice('--config'),
  ]);
  assert.deepEqual(mistakes(['--coap-tcp', '--no-coap-tcp']), [
    'the flag --no-coap-tcp: it contradicts the flag --coap-tcp',
  ]);
  assert.equal(load(['--no-coap-tcp', '--no-coap-tcp']).config['coap.tcp'], false);
});
