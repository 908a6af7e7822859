import { routes } from '@yaolian/contract';
import { useEffect, useState } from 'preact/hooks';
import { navigate } from '../../platform/router.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { tellDone, tellWait } from '../../ui/notices.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { readDeviceCode } from '../model/device-code.ts';
import { devices, loadDevices } from '../model/home-model.ts';
import { ask } from '../model/session.ts';
import { shortName } from '../model/short-name.ts';
import { canScan, Scanner } from '../parts/scanner.tsx';

/** What the address brings: in its fragment, which never leaves the browser. */
function fromAddress() {
  return readDeviceCode(`${location.origin}${location.pathname}${location.hash}`) ?? { device: '', code: '' };
}

/** Makes a device the user's, by its name and code, typed or scanned. */
export function AddPage() {
  const t = useText();
  const [{ device, code }, setGiven] = useState(fromAddress);
  const [name, setName] = useState('');
  const [group, setGroup] = useState('');
  const [isScanning, setScanning] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const groups = [...new Set(useStore(devices)?.flatMap((one) => one.groups) ?? [])].sort();
  useEffect(() => {
    const take = () => {
      if (location.hash === '') return;
      setGiven(fromAddress());
      // The code is not to stay in the history of the browser.
      history.replaceState(null, '', location.pathname);
    };
    take();
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      const body = {
        ...{ device: device.trim(), code: code.trim() },
        ...(name.trim() === '' ? {} : { name: name.trim() }),
        ...(group.trim() === '' ? {} : { groups: [group.trim()] }),
      };
      const bound = await ask(routes.bindHomeDevice, { body });
      if (bound.pending) tellWait(t('home.add.pending'));
      else tellDone(t('home.add.done', { name: bound.name }));
      void loadDevices();
      navigate(bound.pending ? '/home' : `/home/devices/${encodeURIComponent(shortName(bound.device))}`);
    } catch (reason) {
      setError(reason);
    }
    setBusy(false);
  };
  const found = (text: string) => {
    const read = readDeviceCode(text);
    if (read === undefined) return false;
    setGiven(read);
    setScanning(false);
    return true;
  };
  return (
    <>
      <BackLink />
      <PageTitle text={t('home.add')} />
      {canScan() ? (
        isScanning ? (
          <Scanner onText={found} onStop={() => setScanning(false)} />
        ) : (
          <button type="button" class="scan" onClick={() => setScanning(true)}>
            <Icon name="scan" />
            {t('home.add.scan')}
          </button>
        )
      ) : (
        <p class="hint">{t('home.add.no-scanner')}</p>
      )}
      <form class="card stack" onSubmit={submit}>
        <label class="field">
          <span>{t('home.add.device')}</span>
          <input
            value={device}
            required
            maxLength={1023}
            autocapitalize="none"
            autocomplete="off"
            spellcheck={false}
            onInput={(e) => setGiven({ device: e.currentTarget.value, code })}
          />
        </label>
        <label class="field">
          <span>{t('home.add.code')}</span>
          <input
            value={code}
            required
            maxLength={64}
            autocapitalize="characters"
            autocomplete="off"
            spellcheck={false}
            onInput={(e) => setGiven({ device, code: e.currentTarget.value })}
          />
          <small>{t('home.add.code-hint')}</small>
        </label>
        <label class="field">
          <span>{t('home.add.call')}</span>
          <input value={name} maxLength={128} onInput={(e) => setName(e.currentTarget.value)} />
          <small>{t('home.add.call-hint')}</small>
        </label>
        <label class="field">
          <span>{t('home.add.group')}</span>
          <input value={group} maxLength={128} list="groups" onInput={(e) => setGroup(e.currentTarget.value)} />
          <datalist id="groups">
            {groups.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        </label>
        {error !== undefined && <ProblemNote error={error} />}
        <button type="submit" class="primary" aria-disabled={isBusy}>
          {t('home.add.action')}
        </button>
      </form>
    </>
  );
}

export function BackLink() {
  const t = useText();
  return (
    <a class="home-back" href="/home">
      <Icon name="back" />
      {t('home.device.back')}
    </a>
  );
}
