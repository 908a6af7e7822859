import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AllowFileReader } from './allow-file.ts';
import { ApiProblemError } from './client.ts';
import { CredentialFileReader } from './credential-file.ts';
import { type ImportFile, type ImportProgress, type ImportReport, importFile } from './import-file.ts';
import { problem } from './problem.ts';
import type { JsonNewAllowEntry } from './schemas/enrolment.ts';
import type { JsonImportResult } from './schemas/import.ts';

type Send = (entries: readonly JsonNewAllowEntry[]) => Promise<JsonImportResult>;

const takeAll: Send = async ({ length }) => ({ added: length, unchanged: [], refused: [] });
const keys = (count: number) => Array.from({ length: count }, (_, index) => `key-${index + 1}`);

/** A file that comes in pieces of few bytes, wherever they cut lines and characters. */
function fileOf(text: string | Uint8Array<ArrayBuffer>, pieceBytes = 7): ImportFile {
  const blob = new Blob([text]);
  return {
    size: blob.size,
    stream() {
      let at = 0;
      return new ReadableStream({
        async pull(controller) {
          if (at >= blob.size) return controller.close();
          const piece = blob.slice(at, at + pieceBytes);
          at += pieceBytes;
          controller.enqueue(new Uint8Array(await piece.arrayBuffer()));
        },
      });
    },
  };
}

async function run(
  text: string | Uint8Array<ArrayBuffer>,
  send: Send,
  more: { signal?: AbortSignal; atOnce?: number; maxText?: number } = {},
) {
  const told: ImportProgress[] = [];
  const options = { signal: new AbortController().signal, atOnce: 4, ...more };
  const result = await importFile({
    ...{ file: fileOf(text), reader: () => new AllowFileReader(), send },
    ...{ ...options, onProgress: (progress: ImportProgress) => told.push(progress) },
  });
  return { result, told };
}

function reportOf(result: Awaited<ReturnType<typeof run>>['result']): ImportReport {
  assert.ok('lines' in result, JSON.stringify(result));
  return result;
}

test('lines go some at a time, in their order, wherever the pieces of the file end', async () => {
  const batches: string[][] = [];
  const { result, told } = await run('\ufeff键一,门口\r\nb\r\nc\r\n\r\nd\r\ne', async (entries) => {
    batches.push(entries.map(({ key, note = '' }) => key + note));
    return takeAll(entries);
  });
  assert.deepEqual(batches, [['键一门口', 'b', 'c', 'd'], ['e']]);
  assert.deepEqual(reportOf(result).counts, { added: 5, unchanged: 0, refused: 0, 'not-sent': 0 });
  assert.deepEqual(reportOf(result).lines.at(-1), { line: 6, name: 'e', outcome: 'added' });
  const sending = told.filter(({ phase }) => phase === 'sending').map(({ done, total }) => `${done} of ${total}`);
  assert.deepEqual(sending, ['0 of 5', '4 of 5', '5 of 5']);
  const checked = told.filter(({ phase }) => phase === 'checking');
  assert.equal(checked.at(-1)?.done, checked.at(-1)?.total);
});

test('a request has no more text than it may', async () => {
  const sizes: number[] = [];
  const { result } = await run(
    keys(10).join('\n'),
    async (entries) => {
      sizes.push(entries.length);
      return takeAll(entries);
    },
    {
      atOnce: 500,
      maxText: 50,
    },
  );
  assert.equal(reportOf(result).counts.added, 10);
  assert.ok(sizes.length >= 4 && Math.max(...sizes) <= 3, String(sizes));
});

test('what the platform finds too large comes again in halves; one line alone ends it', async () => {
  const sizes: number[] = [];
  const { result } = await run(keys(4).join('\n'), async (entries) => {
    sizes.push(entries.length);
    if (entries.length > 1) throw new ApiProblemError(problem('payload-too-large'));
    return takeAll(entries);
  });
  assert.deepEqual(sizes, [4, 2, 1, 1, 2, 1, 1]);
  assert.equal(reportOf(result).counts.added, 4);
  const one = await run('a', () => Promise.reject(new ApiProblemError(problem('payload-too-large'))));
  assert.ok(reportOf(one.result).error instanceof ApiProblemError);
});

test('a line that is refused holds up no other, and those that were there already are told apart', async () => {
  const { result } = await run(keys(6).join('\n'), async (entries) => ({
    added: entries.length - 2,
    unchanged: [0],
    refused: [
      {
        index: 1,
        code: 'invalid-request',
        where: 'key',
        message: 'too long',
        reason: 'too-long',
        params: { limit: 5 },
      },
    ],
  }));
  const { lines, refused, counts } = reportOf(result);
  assert.deepEqual(
    lines.map(({ outcome }) => outcome),
    ['unchanged', 'refused', 'added', 'added', 'unchanged', 'refused'],
  );
  assert.deepEqual(refused[1], {
    line: 6,
    where: 'key',
    message: 'too long',
    reason: 'too-long',
    params: { limit: 5 },
  });
  assert.deepEqual(counts, { added: 2, unchanged: 2, refused: 2, 'not-sent': 0 });
});

test('nothing is sent when a line is wrong; so many mistakes are looked for', async () => {
  const send = () => assert.fail('sent');
  const { result } = await run('a\n,note\nb\n"c', send);
  assert.deepEqual('mistakes' in result && result.mistakes.map(({ line }) => line), [2, 4]);
  const many = await importFile({
    ...{ file: fileOf(',x\n'.repeat(50)), reader: () => new AllowFileReader(), send, maxMistakes: 10 },
    signal: new AbortController().signal,
  });
  assert.equal('mistakes' in many && many.mistakes.length, 10);
});

test('a file that is none is told', async () => {
  const send = () => assert.fail('sent');
  const reasonOf = async (text: string | Uint8Array<ArrayBuffer>) => {
    const { result } = await run(text, send);
    return 'mistakes' in result ? result.mistakes.map(({ line, reason }) => `${line} ${reason}`) : [];
  };
  assert.deepEqual(await reasonOf(''), ['1 file-empty']);
  assert.deepEqual(await reasonOf('key,note\n\n'), ['1 file-empty']);
  assert.deepEqual(await reasonOf(Uint8Array.of(0x61, 0x0a, 0xc3, 0x28, 0x0a)), ['1 file-not-utf8']);
  assert.deepEqual(await reasonOf(`a\n${'x'.repeat(70_000)}`), ['2 too-long']);
  const header = { file: fileOf('what,ever\na,b\nc,d'), reader: () => new CredentialFileReader(), send };
  const result = await importFile({ ...header, signal: new AbortController().signal });
  assert.deepEqual('mistakes' in result && result.mistakes.map(({ reason }) => reason), ['column-unknown']);
});

test('stopped, it sends no further request, and tells what was not sent', async () => {
  const stop = new AbortController();
  const send: Send = async (entries) => {
    stop.abort();
    return takeAll(entries);
  };
  const { result } = await run(keys(100).join('\n'), send, { signal: stop.signal });
  const { counts, error, lines } = reportOf(result);
  assert.deepEqual(counts, { added: 4, unchanged: 0, refused: 0, 'not-sent': 96 });
  assert.equal(error, undefined);
  assert.equal(lines.at(-1)?.outcome, 'not-sent');
});

test('when the platform is away it ends, and keeps what was added before', async () => {
  const away = new Error('away');
  let asked = 0;
  const { result } = await run(keys(20).join('\n'), async (entries) => {
    if (++asked === 3) throw away;
    return takeAll(entries);
  });
  assert.equal(reportOf(result).error, away);
  assert.deepEqual(reportOf(result).counts, { added: 8, unchanged: 0, refused: 0, 'not-sent': 12 });
});

test('a file that changes or goes while it is read is told', async () => {
  let opened = 0;
  const file = (second: ImportFile): ImportFile => {
    const first = fileOf(keys(5).join('\n'));
    return { size: first.size, stream: () => (opened++ === 0 ? first.stream() : second.stream()) };
  };
  const importOf = async (second: ImportFile) => {
    opened = 0;
    const control = { send: takeAll, signal: new AbortController().signal };
    return reportOf(await importFile({ file: file(second), reader: () => new AllowFileReader(), ...control }));
  };
  const gone = { size: 0, stream: () => new ReadableStream({ pull: () => Promise.reject(new Error('gone')) }) };
  for (const second of [fileOf('"a'), gone]) {
    assert.equal(((await importOf(second)).error as { code?: string }).code, 'IMPORT_FILE_UNREADABLE');
  }
});
