/** A home on a phone: sign in, see one's devices live, set what can be set, add a device. */
import { Refused } from '@yaolian/igrs/client';
import { Jid } from '@yaolian/xmpp';
import { DeviceCard } from './card.ts';
import { field, make } from './dom.ts';
import { type Session, signIn } from './session.ts';
import { text } from './texts.ts';

const page = document.getElementById('page')!;
const banner = make('p', { class: 'banner', role: 'status', hidden: true }, text('away'));
const cards = new Map<string, DeviceCard>();
const list = make('section');
let session: Session | undefined;

document.title = text('title');
showSignIn();

function showSignIn(problem = ''): void {
  const server = field(text('server'), {
    ...{ name: 'server', required: true, inputmode: 'url' },
    value: localStorage.getItem('server') ?? 'ws://127.0.0.1:8080/xmpp-websocket',
  });
  const account = field(text('account'), {
    ...{
      name: 'account',
      required: true,
      autocomplete: 'username',
      inputmode: 'email',
      placeholder: 'ann@home.example',
    },
    value: localStorage.getItem('account') ?? '',
  });
  const password = field(text('password'), { type: 'password', required: true, autocomplete: 'current-password' });
  const button = make('button', {}, text('signIn'));
  const note = make('p', { class: 'problem', role: 'alert' }, problem);
  const submit = async (event: Event) => {
    event.preventDefault();
    const jid = Jid.parse(account.input.value.trim());
    const isServer = /^wss?:\/\//.test(server.input.value);
    if (jid?.local === undefined || !isServer) {
      note.textContent = text(isServer ? 'accountForm' : 'serverForm');
      return;
    }
    button.disabled = true;
    note.textContent = text('signingIn');
    try {
      await enter(server.input.value, jid, password.input.value);
    } catch (error) {
      const isWrong = (error as { code?: string }).code === 'XMPP_AUTHENTICATION_FAILED';
      note.textContent = text(isWrong ? 'notIn' : 'unreachable');
    } finally {
      button.disabled = false;
    }
  };
  const form = make(
    'form',
    { submit: submit as EventListener },
    server.label,
    account.label,
    password.label,
    button,
    note,
  );
  page.replaceChildren(make('h1', {}, text('title')), form);
}

async function enter(server: string, jid: Jid, password: string): Promise<void> {
  session = await signIn(server, jid, password, {
    online(isResumed) {
      banner.hidden = true;
      if (!isResumed && session !== undefined) void showHome();
    },
    offline: () => {
      banner.hidden = false;
    },
    presence: (device, state) => cards.get(device)?.setState(state),
    data(push) {
      if (push.kind === 'ended') {
        if (push.reason === 'unbound' || push.reason === 'removed') void refresh();
        else cards.get(push.device)?.end();
        return;
      }
      const answer = push.kind === 'values' ? push.answer : push.outcome;
      if (!(answer instanceof Refused) && answer.kind === 'values') cards.get(push.device)?.show(answer.values);
    },
  });
  localStorage.setItem('server', server);
  localStorage.setItem('account', String(jid.bare));
  await showHome();
}

async function showHome(): Promise<void> {
  const leave = () => {
    session?.close();
    session = undefined;
    showSignIn();
  };
  const heading = make('header', {}, make('h1', {}, text('title')), make('button', { click: leave }, text('signOut')));
  page.replaceChildren(heading, banner, list, addForm());
  await refresh();
}

async function refresh(): Promise<void> {
  const { home } = session!;
  const devices = await home.devices();
  cards.clear();
  for (const device of devices) cards.set(device.device, new DeviceCard(home, device));
  const elements = [...cards.values()].map(({ element }) => element);
  list.replaceChildren(...(elements.length > 0 ? elements : [make('p', { class: 'empty' }, text('nothing'))]));
  await Promise.all([...cards.values()].map((card) => card.load()));
}

function addForm(): HTMLElement {
  const device = field(text('device'), { required: true, placeholder: 'lamp@home.example', inputmode: 'email' });
  const code = field(text('code'), { required: true, placeholder: '7KQ2M-0WX9D', autocapitalize: 'characters' });
  const note = make('p', { class: 'problem', role: 'alert' });
  const submit = async (event: Event) => {
    event.preventDefault();
    note.textContent = '';
    try {
      await session!.home.bind(device.input.value.trim(), code.input.value.trim());
      device.input.value = code.input.value = '';
      await refresh();
    } catch (error) {
      note.textContent = text(error instanceof Refused ? 'wrongCode' : 'unreachable');
    }
  };
  const button = make('button', {}, text('add'));
  return make('form', { submit: submit as EventListener }, device.label, code.label, button, note);
}
