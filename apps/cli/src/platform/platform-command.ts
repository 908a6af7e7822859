import { type ApiClient, RequestQueuedError } from '@yaolian/contract';
import type { Command } from 'commander';
import { type Cli, type CommandRun, onRun } from '../command.ts';
import { connect, explainRefusal } from './connection.ts';
import { showQueued } from './queue-view.ts';

/** One run of a command that talks to the platform. */
export interface PlatformRun<O> extends CommandRun<O> {
  readonly client: ApiClient;
  readonly url: string;
}

/** Makes `body` what `command` does, connected. */
export function onPlatformRun<O>(cli: Cli, command: Command, body: (run: PlatformRun<O>) => Promise<void>): Command {
  return onRun<O>(cli, command, async (run) => {
    const { client, url } = await connect(run.host);
    try {
      await body({ ...run, client, url });
    } catch (error) {
      if (error instanceof RequestQueuedError) await showQueued(run.printer, error.request);
      else throw explainRefusal(error);
    }
  });
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** Every item of a list, page by page, up to `limit`. */
export async function collectPages<T>(
  limit: number,
  fetchPage: (query: { readonly cursor?: string; readonly limit: number }) => Promise<Page<T>>,
): Promise<{ readonly items: readonly T[]; readonly more: boolean }> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchPage({
      limit: Math.min(1000, limit - items.length),
      ...(cursor === undefined ? {} : { cursor }),
    });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && items.length < limit);
  return { items, more: cursor !== undefined };
}
