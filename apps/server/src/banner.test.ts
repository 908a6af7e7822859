import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Welcome, welcomeText } from './banner.ts';
import { defaultConfig } from './config/settings.ts';

const first: Welcome = {
  config: defaultConfig(),
  listening: [
    { service: 'dm', url: 'coap://[::]:5683' },
    { service: 'dm', url: 'coaps://[::]:5684' },
    { service: 'http', url: 'http://127.0.0.1:8080' },
  ],
  udpAdapter: 'batched',
  dataFolder: '/home/you/data',
  adminPassword: 'f0g1r-ykq30-atfwe-t577m',
  enrolment: { mode: 'open' },
  server: { size: 0, observationCount: 0 },
};

test('a port that browsers refuse is told of where its address is', () => {
  const at = (ports: object) => welcomeText({ ...first, config: { ...defaultConfig(), ...ports } });
  assert.doesNotMatch(at({ 'http.port': 8080, 'http.tls-port': 8443 }), /No browser/);
  const text = at({ 'http.port': 6000, 'http.tls-port': 6697 });
  assert.match(text, /^ {14}No browser opens port 6000, .* choose another with --http-port/m);
  assert.match(text, /^ {14}No browser opens port 6697, .* choose another with --http-tls-port/m);
});

test('the first start tells where the console is, who signs in with what, and where terminals go', () => {
  assert.equal(
    welcomeText(first).replace(/^Yaolian \S+/, 'Yaolian'),
    `Yaolian runs.

  Console     http://127.0.0.1:8080/ (open it in a browser, sign in as "admin")
  REST        http://127.0.0.1:8080/api/v1 (described by http://127.0.0.1:8080/openapi.json)
  Terminals   UDP port 5683 on every address (CoAP, batched)
              UDP port 5684 on every address (CoAP with DTLS)
  Data        /home/you/data
  Profile     plain; enrolment open: every terminal may register

The password of "admin", shown only now:

    f0g1r-ykq30-atfwe-t577m

Change it in the console under Settings; when it is lost, --reset-admin-password makes another.

Next, open http://127.0.0.1:8080/, sign in and press "Add a simulated device"; or in another terminal:
  npx yaolian login http://127.0.0.1:8080
  npx yaolian terminal --server coap://127.0.0.1:5683 --endpoint my-first-device

Ctrl-C stops it (at most 10s).
`,
  );
});

test('with Remote Access it tells where owners find their home, and how their phones get there', () => {
  const text = welcomeText({ ...first, config: { ...first.config, 'ra.domain': 'home.example' } });
  assert.match(text, / {2}Home {8}http:\/\/127\.0\.0\.1:8080\/home \(for owners of devices, .* home\.example\)\n/);
  assert.match(text, /--http-tls-port 8443 opens them to phones/);
});

test('with HTTPS it tells the address of that, and no way to it', () => {
  const listening = [...first.listening, { service: 'http', url: 'https://[::]:8443' }];
  const text = welcomeText({ ...first, listening, config: { ...first.config, 'ra.domain': 'home.example' } });
  assert.match(text, /\n {14}https:\/\/127\.0\.0\.1:8443 \(all of these over HTTPS\)\n/);
  assert.doesNotMatch(text, /opens them to phones/);
});

test('without the first password it shows none, and tells what was restored', () => {
  const text = welcomeText({ ...first, adminPassword: undefined, server: { size: 2, observationCount: 1 } });
  assert.doesNotMatch(text, /password/);
  assert.match(text, / {2}Restored {4}2 registrations, 1 observation\n/);
});

test('without NoSec the terminal to try has a key', () => {
  const text = welcomeText({ ...first, config: { ...first.config, 'coap.nosec': false } });
  assert.match(
    text,
    /UDP port 5683 on every address \(CoAP, batched\), for discovery and OSCORE alone: NoSec is off\n/,
  );
  assert.match(text, /terminal --server coaps:\/\/127\.0\.0\.1:5684 --endpoint my-first-device --psk-identity/);
});
