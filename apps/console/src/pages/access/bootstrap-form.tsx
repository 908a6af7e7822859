import type { JsonBootstrapConfiguration, JsonBootstrapSecurity, JsonBootstrapServer } from '@yaolian/contract';
import { addressFor } from '../../platform/terminal-address.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { SecurityFields } from './security-fields.tsx';

interface BootstrapFormProps {
  readonly configuration: JsonBootstrapConfiguration;
  /** Of this platform. */
  readonly addresses: readonly string[];
  readonly onChange: (configuration: JsonBootstrapConfiguration) => void;
}

/** The servers of a configuration; what it has besides stays as it is. */
export function BootstrapForm({ configuration, addresses, onChange }: BootstrapFormProps) {
  const t = useText();
  const { servers, bootstrapServer } = configuration;
  const setServer = (at: number, server: JsonBootstrapServer) =>
    onChange({ ...configuration, servers: servers.with(at, server) });
  const add = () => {
    const shortServerId = Math.max(0, ...servers.map((one) => one.shortServerId ?? 0)) + 1;
    const uri = addressFor(addresses, false, location.hostname);
    onChange({ ...configuration, servers: [...servers, { shortServerId, uri }] });
  };
  return (
    <>
      {servers.map((server, index) => (
        <fieldset key={index} class="field group">
          <legend>{t('bootstrap.server', { number: index + 1 })}</legend>
          <ServerFields server={server} addresses={addresses} onChange={(next) => setServer(index, next)} />
        </fieldset>
      ))}
      {bootstrapServer && (
        <fieldset class="field group">
          <legend>{t('bootstrap.account')}</legend>
          <Address
            uri={bootstrapServer.uri}
            onInput={(uri) => onChange({ ...configuration, bootstrapServer: { ...bootstrapServer, uri } })}
          />
          <SecurityFields
            security={bootstrapServer.security}
            onChange={(security) => {
              const { security: _, ...rest } = bootstrapServer;
              const uri = schemeFor(rest.uri, security, addresses);
              onChange({ ...configuration, bootstrapServer: { ...rest, uri, ...(security && { security }) } });
            }}
          />
        </fieldset>
      )}
      <button type="button" onClick={add}>
        <Icon name="plus" /> {t('bootstrap.add-server')}
      </button>
    </>
  );
}

/** What terminals can be sent to: a scheme that they speak, and a place. */
const addressForm = '(?:coaps?(?:\\+(?:tcp|ws))?|mqtts?)://.+';

/** What was typed into a field for a number; `otherwise` while there is none. */
function wholeOf({ valueAsNumber }: HTMLInputElement, otherwise: number): number {
  return Number.isNaN(valueAsNumber) ? otherwise : valueAsNumber;
}

interface ServerFieldsProps {
  readonly server: JsonBootstrapServer;
  readonly addresses: readonly string[];
  readonly onChange: (server: JsonBootstrapServer) => void;
}

function ServerFields({ server, addresses, onChange }: ServerFieldsProps) {
  const t = useText();
  const { security: _, ...rest } = server;
  return (
    <>
      <Address uri={server.uri} onInput={(uri) => onChange({ ...server, uri })} />
      <label class="field">
        <span>{t('bootstrap.server-id')}</span>
        <input
          type="number"
          min={1}
          max={65534}
          value={server.shortServerId ?? ''}
          onInput={(event) => onChange({ ...server, shortServerId: wholeOf(event.currentTarget, 1) })}
        />
        <small>{t('bootstrap.server-id.hint')}</small>
      </label>
      <label class="field">
        <span>{t('bootstrap.lifetime')}</span>
        <input
          type="number"
          min={1}
          value={server.lifetime ?? 86_400}
          onInput={(event) => onChange({ ...server, lifetime: wholeOf(event.currentTarget, 86_400) })}
        />
        <small>{t('bootstrap.lifetime.hint')}</small>
      </label>
      <SecurityFields
        security={server.security}
        onChange={(security) =>
          onChange({ ...rest, uri: schemeFor(rest.uri, security, addresses), ...(security && { security }) })
        }
      />
    </>
  );
}

function Address({ uri, onInput }: { readonly uri: string; readonly onInput: (uri: string) => void }) {
  const t = useText();
  return (
    <label class="field">
      <span>{t('bootstrap.uri')}</span>
      <input
        value={uri}
        maxLength={255}
        required
        pattern={addressForm}
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value.trim())}
      />
      <small>{t('bootstrap.uri.hint')}</small>
    </label>
  );
}

/**
 * `coap` and `coaps` follow the security mode; an address of this platform becomes the one that it has for the other, any other one gets
 * the port that OMA has for it. OSCORE protects messages by itself, so it goes with plain coap.
 */
function schemeFor(uri: string, security: JsonBootstrapSecurity | undefined, addresses: readonly string[]): string {
  const isSecure = security !== undefined && security.mode !== 'oscore';
  if (uri.startsWith('coaps') === isSecure) return uri;
  if (addresses.includes(uri)) return addressFor(addresses, isSecure, location.hostname);
  return isSecure
    ? uri.replace(/^coap/, 'coaps').replace(/:5683$/, ':5684')
    : uri.replace(/^coaps/, 'coap').replace(/:5684$/, ':5683');
}
