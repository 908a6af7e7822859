/** ETSI's CoAP plugtest cases, asked of our server by Californium's client. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Code, ContentFormat, createCoapEndpoint, type OutgoingResponse, ResourceTree } from '@yaolian/coap';
import { encodeUtf8, milliseconds } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { run } from './support/processes.ts';

const leshan = join(import.meta.dirname, 'leshan');
const classPath = `${join(leshan, 'target/dependency')}/*`;

const text = (payload: string): OutgoingResponse => ({
  code: Code.Content,
  contentFormat: ContentFormat.Text,
  payload: encodeUtf8(payload),
});

/** What the configuration of the cases asks of a server. */
function plugtestServer(): ResourceTree {
  const tree = new ResourceTree();
  tree.add('/test', {
    ...{ rt: ['Type1', 'Type2'], if: 'If1' },
    get: () => text('test'),
    put: () => ({ code: Code.Changed }),
    post: () => ({ code: Code.Created, locationPath: ['location1', 'location2'] }),
    delete: () => ({ code: Code.Deleted }),
  });
  tree.add('/separate', {
    ...{ rt: ['Type2', 'Type3'], if: 'If2' },
    get: async () => {
      await new Promise<void>((resolve) => nodeTimers.schedule(milliseconds(500), resolve));
      return text('separate');
    },
  });
  tree.add('/seg1/seg2/seg3', { rt: ['Type1', 'Type3'], if: 'foo', get: () => text('segments') });
  tree.add('/query', { get: ({ query }) => text(query.join(' ')) });
  tree.add('/location-query', {
    post: () => ({ code: Code.Created, locationQuery: ['first=1', 'second=2'] }),
  });
  tree.add('/multi-format', {
    ct: [ContentFormat.Text, ContentFormat.Xml],
    get: ({ accept }) =>
      accept === ContentFormat.Xml
        ? { code: Code.Content, contentFormat: ContentFormat.Xml, payload: encodeUtf8('<test/>') }
        : text('test'),
  });
  let version = 1;
  tree.add('/validate', {
    etag: () => Uint8Array.of(version),
    get: () => text(`version ${version}`),
    put: () => {
      version++;
      return { code: Code.Changed };
    },
  });
  let created = false;
  tree.add('/create1', {
    exists: () => created,
    put: () => {
      created = true;
      return { code: Code.Created };
    },
  });
  tree.add('/large', { get: () => text('0123456789'.repeat(200)) });
  let update = new Uint8Array();
  tree.add('/large-update', {
    get: () => ({ code: Code.Content, contentFormat: ContentFormat.Text, payload: update }),
    put: ({ payload }) => {
      update = payload.slice();
      return { code: Code.Changed };
    },
  });
  let changes = 0;
  const observed = tree.add('/obs', {
    obs: true,
    get: () => text(`change ${changes}`),
    put: () => {
      changes++;
      observed.changed();
      return { code: Code.Changed };
    },
    delete: () => {
      observed.remove();
      return { code: Code.Deleted };
    },
  });
  return tree;
}

const cases = [
  ...Array.from({ length: 14 }, (_, i) => `TD_COAP_CORE_${String(i + 1).padStart(2, '0')}`),
  ...['17', '18', '19', '20', '21', '22', '23'].map((id) => `TD_COAP_CORE_${id}`),
  ...['TD_COAP_LINK_01', 'TD_COAP_LINK_02', 'TD_COAP_LINK_05', 'TD_COAP_LINK_07'],
  ...['TD_COAP_BLOCK_01', 'TD_COAP_BLOCK_03', 'TD_COAP_OBS_01', 'TD_COAP_OBS_07'],
];

test("Californium's client passes the plugtest cases of ETSI at our server", async (t) => {
  const udp = await openUdpPort({ host: '127.0.0.1', port: 0 });
  const endpoint = createCoapEndpoint({ port: udp, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  t.after(async () => {
    await endpoint.close();
    await udp.close();
  });
  endpoint.handle(plugtestServer().handle);
  const source = join(leshan, 'src/main/java/CaliforniumPlugtest.java');
  const { output, errors } = await run('java', ['-cp', classPath, source, `coap://${udp.localAddress.key}`]);
  const lines = output.split('\n').filter((line) => /^(?:PASS|FAIL|DONE)/.test(line));
  assert.deepEqual(lines, [...cases.map((id) => `PASS ${id}`), 'DONE'], errors);
});
