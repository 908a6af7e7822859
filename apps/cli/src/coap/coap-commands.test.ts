import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type CliRunOptions, jsonLines, runCli } from '../testing/run-cli.ts';
import { type SampleServer, startSampleServer } from '../testing/sample-server.ts';

describe('yaolian coap, against a server on loopback', () => {
  let server: SampleServer;
  let at: string;
  let folder: string;
  before(async () => {
    server = await startSampleServer();
    at = `coap://${server.address}`;
    folder = await mkdtemp(join(tmpdir(), 'yaolian-coap-'));
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const coap = (line: string, options?: CliRunOptions) => runCli(['coap', ...line.split(' ')], options);

  it('shows text as text, and a line break after it', async () => {
    const run = await coap(`get ${at}/hello`);
    assert.deepEqual([run.exitCode, run.stdout, run.stderr], [0, 'hello 世界\n', '']);
    assert.equal((await coap(`get ${server.address}/hello`)).stdout, 'hello 世界\n');
  });

  it('shows anything else as a hex dump, or keeps it as it is', async () => {
    assert.equal((await coap(`get ${at}/binary`)).stdout, `00000000  00 01 02 ff${' '.repeat(39)}....\n`);
    const file = join(folder, 'binary');
    const run = await coap(`get ${at}/binary --output ${file}`);
    assert.deepEqual([...(await readFile(file))], [0, 1, 2, 255]);
    assert.deepEqual([run.stdout, run.stderr], ['', `4 bytes written to ${file}\n`]);
    assert.deepEqual([...(await coap(`get ${at}/binary -o -`)).bytes], [0, 1, 2, 255]);
    const nowhere = await coap(`get ${at}/binary -o ${folder}/no/such`);
    assert.equal(nowhere.exitCode, 2);
    assert.match(nowhere.stderr, /cannot be written: there is no such file or folder/);
  });

  it('lets no device act on the terminal, and gives pipes what was sent', async () => {
    assert.equal((await coap(`get ${at}/hostile`, { columns: 80 })).stdout, '\\x1b[2J\\u202egotcha\n');
    assert.equal((await coap(`get ${at}/hostile`)).stdout, '\u001b[2J\u202egotcha\n');
  });

  it('answers --json with one stable value', async () => {
    const [value] = jsonLines(await coap(`get ${at}/hello --json`));
    assert.deepEqual(value, {
      code: '2.05',
      peer: server.address,
      contentFormat: 0,
      mediaType: 'text/plain;charset=utf-8',
      maxAge: 60,
      options: [{ number: 12, name: 'Content-Format', hex: '' }],
      text: 'hello 世界',
    });
    const [binary] = jsonLines(await coap(`--json get ${at}/binary`)) as { base64: string }[];
    assert.equal(binary?.base64, 'AAEC/w==');
  });

  it('says no with exit code 1, and in JSON too', async () => {
    const run = await coap(`get ${at}/nothing`);
    assert.deepEqual(
      [run.exitCode, run.stdout, run.stderr],
      [1, '', `yaolian: ${at}/nothing answered 4.04 NotFound\n`],
    );
    const json = await coap(`get ${at}/nothing --json`);
    assert.equal(json.exitCode, 1);
    assert.equal((jsonLines(json)[0] as { code: string }).code, '4.04');
    assert.match((await coap(`get ${at}/hello -a cbor`)).stderr, /4.06 NotAcceptable: Accept is one of 0, 50/);
    assert.match((await coap(`put ${at}/store -t cbor x`)).stderr, /4.15 UnsupportedContentFormat/);
    assert.match((await coap(`put ${at}/store -O 9999=x`)).stderr, /4.02 BadOption/);
  });

  it('sends what it is given: argument, file, standard input', async () => {
    assert.equal((await coap(`put ${at}/store abc -t text`)).stdout, '2.04 Changed\nabc\n');
    const file = join(folder, 'payload.json');
    await writeFile(file, '{"a":1}');
    assert.equal((await coap(`put ${at}/store -t json --file ${file}`)).stdout, '2.04 Changed\n{"a":1}\n');
    assert.equal((await coap(`put ${at}/store -`, { stdin: 'piped' })).stdout, '2.04 Changed\npiped\n');
    assert.equal((await coap(`put ${at}/store -f -`, { stdin: 'piped' })).stdout, '2.04 Changed\npiped\n');
    assert.match((await coap(`put ${at}/store abc -f ${file}`)).stderr, /given twice/);
    assert.match((await coap(`put ${at}/store -f ${file}x`)).stderr, /no such file/);
  });

  it('knows every method', async () => {
    assert.equal((await coap(`post ${at}/store x`)).stdout, '2.01 Created /store/a%20b?x=1\n');
    assert.equal((await coap(`delete ${at}/store --non`)).stdout, '2.02 Deleted\n');
    assert.equal((await coap(`fetch ${at}/echo?a=1 -q b -a 60 xyz`)).stdout, 'fetch a=1&b 60 3\n');
    assert.equal((await coap(`patch ${at}/echo -t 52 {}`)).stdout, '2.04 Changed\n');
    assert.equal((await coap(`ipatch ${at}/echo -t 52 {}`)).stdout, '2.04 Changed\n');
  });

  it('moves large bodies in blocks of the size that was asked for', async () => {
    const run = await coap(`get ${at}/large -b 128 -v`);
    assert.equal(run.stdout, `${'x'.repeat(5000)}\n`);
    assert.match(run.stderr, /Block2 39\/last\/128/);
    const file = join(folder, 'large');
    await writeFile(file, 'y'.repeat(3000));
    assert.equal((await coap(`put ${at}/store -f ${file} -b 256`)).stdout, `2.04 Changed\n${'y'.repeat(3000)}\n`);
  });

  it('shows the messages on the wire', async () => {
    const { stderr } = await coap(`put ${at}/store?x=1 -t text -v abc`);
    assert.match(
      stderr,
      /-> 127\.0\.0\.1:\d+ {2}CON 0\.03 PUT {2}id [0-9a-f]{4} {2}token [0-9a-f]+\n {13}Uri-Path "store"\n/,
    );
    assert.match(stderr, /Uri-Query "x=1"\n/);
    assert.match(stderr, /<- 127\.0\.0\.1:\d+ {2}ACK 2\.04 Changed[^\n]+\n(?:.+\n)* {13}payload 3 bytes: "abc"\n/);
  });

  it('times out with exit code 4', async () => {
    const run = await coap(`get ${at}/never --timeout 150ms`);
    assert.deepEqual([run.exitCode, run.stdout], [4, '']);
    assert.equal(run.stderr, `yaolian: ${at}/never did not answer within 150ms; is it there, on that port?\n`);
  });

  it('lists resources in a table', async () => {
    const run = await coap(`discover ${at}`);
    assert.match(run.stdout, /^RESOURCE {2}TYPE {6}FORMATS {4}SIZE {2}OBSERVE {2}TITLE\n/);
    assert.match(run.stdout, /^\/hello {4}greeting {2}text json {17}你好$/m);
    assert.match(run.stdout, /^\/counter {2}count {22}yes$/m);
    const [filtered] = jsonLines(await coap(`discover ${at}?rt=count --json`));
    assert.deepEqual(filtered, {
      peer: server.address,
      links: [{ target: '/counter', attributes: { rt: 'count', obs: true } }],
    });
    assert.equal((await coap(`discover ${at}?rt=none`)).stdout, 'No resources.\n');
    assert.match((await coap(`discover ${at}/hello`)).stderr, /sent no link-format: a link starts with "<"/);
  });

  it('pings', async () => {
    const run = await coap(`ping ${at} --count 2 --interval 1ms`);
    assert.match(run.stdout, /^(?:127\.0\.0\.1:\d+ answered in [\d.]+ ms\n){2}$/);
    assert.equal(jsonLines(await coap(`ping ${at} --json`)).length, 1);
  });

  it('observes as often as asked, and cancels', async () => {
    const onOutput = () => server.count();
    const run = await coap(`observe ${at}/counter --count 3`, { onOutput });
    assert.equal(run.exitCode, 0);
    assert.match(run.stdout, /^(?:\d\d:\d\d:\d\d {2}\d+\n){3}$/);
    assert.equal(server.observerCount, 0);
  });

  it('observes until the time is over', async () => {
    const run = await coap(`observe ${at}/counter --duration 50ms --json`);
    const [first] = jsonLines(run) as { text: string; time: string }[];
    assert.equal(run.exitCode, 0);
    assert.match(first!.text, /^\d+$/);
    assert.ok(!Number.isNaN(Date.parse(first!.time)));
    assert.equal(server.observerCount, 0);
  });

  it('observes until Ctrl-C, cancels, and ends with 130', async () => {
    const interruption = new AbortController();
    const run = await coap(`observe ${at}/counter`, {
      signal: interruption.signal,
      onOutput: () => interruption.abort(),
    });
    assert.deepEqual([run.exitCode, run.stderr], [130, '']);
    assert.equal(server.observerCount, 0);
  });

  it('says when a resource does not let itself be observed, and when it ends', async () => {
    const plain = await coap(`observe ${at}/hello`);
    assert.deepEqual([plain.exitCode, plain.stdout.slice(8)], [1, '  hello 世界\n']);
    assert.match(plain.stderr, /does not let itself be observed; use get/);
    assert.match((await coap(`observe ${at}/nothing`)).stderr, /4\.04/);
    const passing = server.tree.add('/passing', {
      obs: true,
      get: () => ({ code: 0x45, payload: Uint8Array.of(0x61) }),
    });
    const ended = await coap(`observe ${at}/passing`, { onOutput: () => passing.remove() });
    assert.equal(ended.exitCode, 1);
    assert.match(ended.stderr, /ended the observation/);
  });

  it('refuses wrong usage with exit code 2 and says what is right', async () => {
    for (const [line, message] of [
      ['get coaps://127.0.0.1/ --psk-identity x', /--psk-identity and --psk-key go together/],
      ['get coaps://127.0.0.1/ --cert x', /--cert and --cert-key go together/],
      ['get coap://h/#x', /no fragment/],
      [`get ${'coap://h/'} -a yaml`, /"yaml" is no content format/],
      ['get coap://h/ -b 100', /a block size is 16, 32/],
      ['get coap://h/ --timeout 5', /"5" is not a duration; write a number with a unit/],
      ['get coap://h/ -O x', /"x" is no option; write number=value/],
      ['get', /missing required argument 'uri' \(see yaolian coap get --help\)/],
      ['get coap://h/ --acept json', /unknown option '--acept'; did you mean --accept\?/],
      ['got coap://h/', /unknown command 'got'; did you mean get\?/],
      ['get 127.0.0.1 -4 -6', /cannot be used with/],
      ['get 127.0.0.1 -6', /no IPv6 address/],
      ['observe 224.0.1.187/x', /224\.0\.1\.187 is a group; "coap discover" finds its members/],
      ['ping [ff02::fd%lo]', /is a group/],
    ] as const) {
      const run = await coap(line);
      assert.equal(run.exitCode, 2, line);
      assert.match(run.stderr, message);
      assert.equal(run.stderr.split('\n').length, 2, 'one line');
      assert.equal(run.stdout, '');
    }
  });

  it('could not reach: exit code 3', async () => {
    const run = await coap('get coap://no..such..host/');
    assert.equal(run.exitCode, 3);
    assert.match(run.stderr, /there is no address for the name "no\.\.such\.\.host"/);
  });
});
