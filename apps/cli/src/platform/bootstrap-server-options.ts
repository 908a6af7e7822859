import type { JsonBootstrapConfiguration, JsonBootstrapServer } from '@yaolian/contract';
import { type Duration, decodeUtf8, toSeconds } from '@yaolian/kernel';
import { type Command, Option } from 'commander';
import { completeFiles, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';
import type { Host } from '../host.ts';
import { durationOption, integerOption, serverUriOption } from '../parsers.ts';
import {
  addBootstrapSecurityOptions,
  type BootstrapSecurityOptions,
  bootstrapSecurityOf,
} from './bootstrap-security-options.ts';

export interface ServerOptions extends BootstrapSecurityOptions {
  readonly uri?: string;
  readonly serverId: number;
  readonly lifetime?: Duration;
  readonly binding?: string;
  readonly file?: string;
}

/**
 * Adds the options that say which server a terminal is told.
 * @param platform whether a platform keeps the configuration, which may make keys and fill its own in
 */
export function addServerOptions(command: Command, platform: { readonly issue: boolean }): Command {
  command
    .addOption(
      new Option('--uri <uri>', 'the server to register with, as in coap://192.0.2.1:5683')
        .argParser(serverUriOption)
        .conflicts('file'),
    )
    .addOption(
      new Option('--server-id <number>', 'its short server id')
        .argParser(integerOption('a short server id', 1, 65_534))
        .default(1),
    )
    .addOption(
      new Option('--lifetime <duration>', 'lifetime of registrations')
        .argParser(durationOption)
        .default(undefined, '24h'),
    )
    .addOption(new Option('--binding <binding>', 'binding mode').default(undefined, 'U'));
  return addBootstrapSecurityOptions(command, platform).addOption(
    completeWith(
      new Option('-f, --file <file>', 'the whole configuration as JSON; - is standard input'),
      completeFiles,
    ),
  );
}

/**
 * The configuration that the options make.
 * @param asked begins the sentence that is told when they make none
 * @throws CLI_USAGE
 */
export async function configurationOf(
  options: ServerOptions,
  host: Pick<Host, 'readStdin'>,
  asked: string,
): Promise<JsonBootstrapConfiguration> {
  const { uri, serverId, lifetime, binding, file } = options;
  if (file !== undefined) return parseConfiguration(file === '-' ? await host.readStdin() : await readBytes(file));
  if (uri === undefined) {
    throw cliErrors.CLI_USAGE(`${asked} Give a server, as in --uri coap://192.0.2.1:5683, or --file`);
  }
  const security = await bootstrapSecurityOf(options);
  const server: JsonBootstrapServer = {
    shortServerId: serverId,
    uri,
    ...(security && { security }),
    ...(lifetime === undefined ? {} : { lifetime: Math.round(toSeconds(lifetime)) }),
    ...(binding === undefined ? {} : { binding }),
  };
  return { servers: [server] };
}

/** Only that it is JSON is checked here: whoever takes it says what is wrong inside. */
function parseConfiguration(bytes: Uint8Array): JsonBootstrapConfiguration {
  try {
    return JSON.parse(decodeUtf8(bytes) ?? '') as JsonBootstrapConfiguration;
  } catch (error) {
    throw cliErrors.CLI_USAGE(`the configuration is not JSON: ${(error as SyntaxError).message}`, error);
  }
}
