"""
A user of Remote Access by slixmpp alone, written from docs/igrs-ra.md. Arguments: JID, host, port, certificate, account server. Registers; then does
what each line on standard input says, a step of `yaolian conformance ra-user --json`: {"id": "11.2-10", "facts": {"device": …, "path": …}}
"""

import asyncio
import json
import ssl
import sys
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.exceptions import IqError

jid, host, port, certificate, accounts = sys.argv[1:]
name, domain = jid.split("@")
password = "correct-horse-battery"
ra = "urn:yaolian:ra:1:"


class User(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(jid, password)
        self.ca_certs = certificate
        self.enable_direct_tls = False  # the port is that of STARTTLS
        self.ending = False
        self.again = None
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0199")
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("disconnected", self.cut)

    async def started(self, _):
        await self.get_roster()
        self.send_presence()

    def cut(self, _):
        # slixmpp says so twice of a connection that it ends itself; a second connect() would break the handshake of the first.
        if not self.ending and self.again is None:
            self.again = asyncio.get_event_loop().call_later(0.2, self.begin)

    def begin(self):
        self.again = None
        if not self.is_connected():
            self.connect(host, int(port))

    async def ask(self, kind, to, namespace, element, text=None, **attributes):
        iq = self.make_iq(ito=to, itype=kind)
        payload = ET.Element(f"{{{ra}{namespace}}}{element}", attributes)
        payload.text = text
        iq.xml.append(payload)
        try:
            await iq.send()
        except IqError as refusal:
            print(f"refused: {refusal.condition}", flush=True)

    async def do(self, step, facts):
        device, user, path = facts.get("device"), facts.get("user"), facts.get("path")
        if step == "8-10":
            self.begin()  # and again by itself, until it is in
        elif step in ("10.3-1", "10.3-2"):
            await self.ask("set", domain, "binding", "bind", device=device, code=facts["code"], name="Attic")
        elif step == "10.5-1":
            await self.ask("set", domain, "verification-code", "reset", device=device)
        elif step == "11.2-10":
            await self.ask("get", device, "data", "read", path=path)
        elif step == "11.2-11":
            await self.ask("set", device, "data", "write", facts["value"], path=path)
        elif step == "11.2-12":
            await self.ask("set", device, "data", "execute", path=path)
        elif step == "11.3-1":
            await self.ask("set", device, "data", "observe", path=path)
        elif step == "10.2-1":
            self.send_presence(pto=user, ptype="subscribe")
        elif step == "11.3-2":
            self.send_message(mto=user, mbody="hello", mtype="chat")
        elif step == "9-1":
            rights = {"account": user, "feature": facts["feature"], "operations": "read"}
            await self.ask("set", domain, "permission", "grant", device=device, **rights)
        elif step == "9-2":
            await self.ask("set", domain, "permission", "revoke", device=device, account=user, feature=facts["feature"])
        elif step == "10.4-1":
            await self.ask("set", domain, "binding", "unbind", device=device)
        elif step == "12-1":
            self.ending = True
            await self.disconnect()


def register():
    form = urllib.parse.urlencode({"userName": name, "password": password}).encode()
    trust = ssl.create_default_context(cafile=certificate)
    with urllib.request.urlopen(f"{accounts}/rest/v1/user/register.xml", form, context=trust) as answer:
        print(f"registered {answer.status}", flush=True)


async def main():
    user = User()
    while not user.ending:
        line = await asyncio.get_event_loop().run_in_executor(None, sys.stdin.readline)
        if not line:
            break
        step = json.loads(line)
        if step["id"] == "7-1":
            register()
        else:
            await user.do(step["id"], step.get("facts", {}))


asyncio.run(main())
