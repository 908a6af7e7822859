import { useTerminalAddresses } from '../../platform/terminal-address.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { TryCard } from '../tour/try-card.tsx';

/** How the first device gets here. */
export function NoDevices() {
  const t = useText();
  const urls = useTerminalAddresses();
  return (
    <>
      <TryCard isFirst />
      <div class="empty card">
        <Icon name="devices" />
        <h2>{t('devices.none.title')}</h2>
        <p>{t('devices.none.lead')}</p>
        {urls.map((url) => (
          <code key={url} class="block">
            {url}
          </code>
        ))}
        <p>{t('devices.none.try')}</p>
        <code class="block">
          npx yaolian terminal --server {urls[0] ?? 'coap://127.0.0.1:5683'} --endpoint my-first-device
        </code>
      </div>
    </>
  );
}

export function NoMatch() {
  const t = useText();
  return (
    <div class="empty card">
      <Icon name="search" />
      <h2>{t('devices.unmatched.title')}</h2>
      <p>{t('devices.unmatched.lead')}</p>
      <a class="button" href="/devices">
        {t('devices.unmatched.clear')}
      </a>
    </div>
  );
}
