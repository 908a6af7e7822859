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
        elif step == "10.3-3":
            await self.ask("get", domain, "binding", "bindings")
        elif step == "10.3-4":
            await self.ask("get", domain, "binding", "bindings", device=device)
        elif step == "10.3-5":
            self.update_roster(device, name=facts["name"], groups=[facts["group"]])  # as RFC 6121 has it
        elif step == "10.3-6":
            await self.ask("set", domain, "binding", "bind", device=device, code=facts["code"])
        elif step == "10.3-7":
            await self.ask("get", domain, "binding", "confirmation", device=device)
        elif step == "10.3-8":
            await self.ask("set", domain, "binding", "confirmation", device=device, required="false")
        elif step == "13-3":
            await self.ask("get", device, "device", "device")
        elif step == "13-4":
            await self.ask("get", domain, "device", "search", state="online")
        elif step == "13-5":
            self.send_presence(pshow="away")
        elif step == "11.2-13":
            await self.ask("set", device, "data", "cancel", path=path)
        elif step == "11.2-14":
            await self.ask("get", device, "firmware", "firmware")
        elif step == "11.2-15":
            await self.ask("set", device, "firmware", "update")
        elif step == "11.2-16":
            await self.ask("set", device, "firmware", "cancel")
        elif step == "11.2-17":
            await self.ask("get", device, "history", "history", path=path)
        elif step == "10.2-3":
            self.update_roster(user, name=facts["name"])
        elif step == "10.2-4":
            self.send_presence(pto=user, ptype="subscribed")
        elif step == "10.2-5":
            self.del_roster_item(user)
        elif step == "10.2-6":
            self.send_presence(pto=user, ptype="unsubscribed")
        elif step in ("10.2-7", "10.2-9"):
            verb = "link" if step == "10.2-7" else "unlink"
            await self.ask("set", domain, "link", verb, device=device, other=facts["other"])
        elif step == "10.2-8":
            await self.ask("get", domain, "link", "links", device=device)
        elif step == "10.2-10":
            await self.ask("set", domain, "bookmark", "bookmark", "in the hall", name=facts["name"], address=facts["address"])
        elif step == "10.2-11":
            await self.ask("get", domain, "bookmark", "bookmarks")
        elif step == "10.2-12":
            await self.ask("set", domain, "bookmark", "remove", name=facts["name"])
        elif step == "9-3":
            await self.ask("get", domain, "permission", "permissions", device=device)
        elif step == "10.4-2":
            await self.ask("set", domain, "binding", "unbind", device=device, user=user)
        elif step == "12-1":
            self.ending = True
            await self.disconnect()


def account(verb, **fields):
    form = urllib.parse.urlencode({"userName": name, "password": password} | fields).encode()
    trust = ssl.create_default_context(cafile=certificate)
    with urllib.request.urlopen(f"{accounts}/rest/v1/user/{verb}.xml", form, context=trust) as answer:
        print(f"{verb} {answer.status}", flush=True)


async def main():
    user = User()
    while True:
        line = await asyncio.get_event_loop().run_in_executor(None, sys.stdin.readline)
        if not line:
            break
        step = json.loads(line)
        if step["id"] == "7-1":
            account("register")
        elif step["id"] == "7-2":
            account("read")
        elif step["id"] == "7-3":
            account("modify", nick="Ann")
        elif step["id"] == "7-4":
            account("delete")
        else:
            await user.do(step["id"], step.get("facts", {}))


asyncio.run(main())
