"""A slixmpp client in rooms. Arguments: JID, password, host, port, certificate. Does what lines of standard input say, and prints what comes."""

import asyncio
import sys

import slixmpp

jid, password, host, port, certificate = sys.argv[1:]


def told(*words):
    print(*words, flush=True)


class Client(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(jid, password)
        self.ca_certs = certificate
        for plugin in ("xep_0030", "xep_0045", "xep_0199", "xep_0249", "xep_0313", "xep_0410", "xep_0421"):
            self.register_plugin(plugin)
        self.muc = self.plugin["xep_0045"]
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("groupchat_message", lambda m: told("heard", m["mucnick"], m["body"]))
        self.add_event_handler("groupchat_subject", lambda m: told("subject", m["subject"]))
        self.add_event_handler("groupchat_invite", lambda m: told("invited to", m["from"]))
        self.add_event_handler("groupchat_direct_invite", lambda m: told("invited straight to", m["groupchat_invite"]["jid"]))
        self.add_event_handler("message", self.came)
        self.add_event_handler("groupchat_presence", self.seen)
        self.add_event_handler("disconnected", lambda _: told("disconnected"))

    async def started(self, _):
        self.send_presence()
        told("online", self.boundjid)

    def came(self, message):
        if message["type"] == "chat":
            told("whispered", message["from"], message["body"])

    def seen(self, presence):
        codes = sorted(presence["muc"]["status_codes"])
        told("presence", presence["type"], presence["from"], presence["muc"]["role"], *codes)

    async def do(self, command, *words):
        muc = self.muc
        if command == "join":
            _, subject, present, history = await muc.join_muc_wait(slixmpp.JID(words[0]), words[1], timeout=30)
            told("joined", len(present), "present", len(history), "earlier, subject", subject["subject"])
        elif command == "configure":
            form = await muc.get_room_config(words[0])
            answers = dict(word.split("=") for word in words[1:])
            form["type"] = "submit"
            for field in form.get_fields().values():
                if field["var"] in answers:
                    field["value"] = answers[field["var"]]
            await muc.set_room_config(words[0], form)
        elif command == "say":
            self.send_message(mto=words[0], mbody=" ".join(words[1:]), mtype="groupchat")
        elif command == "whisper":
            self.send_message(mto=words[0], mbody=" ".join(words[1:]), mtype="chat")
        elif command == "subject":
            muc.set_subject(words[0], " ".join(words[1:]))
        elif command == "invite":
            muc.invite(words[0], words[1], reason="come")
        elif command == "kick":
            await muc.set_role(words[0], words[1], "none", reason="noise")
        elif command == "ban":
            await muc.set_affiliation(words[0], "outcast", jid=words[1])
        elif command == "owners":
            told("owners", *await muc.get_affiliation_list(words[0], "owner"))
        elif command == "ping":
            await self.plugin["xep_0199"].send_ping(slixmpp.JID(f"{words[0]}/{words[1]}"))
        elif command == "archive":
            results = await self.plugin["xep_0313"].retrieve(words[0], rsm={"max": 10})
            told("archive", *[one["mam_result"]["forwarded"]["stanza"]["body"] for one in results["mam"]["results"]])
        elif command == "leave":
            muc.leave_muc(words[0], words[1])
        told("done", command)

    async def follow(self):
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := (await reader.readline()).decode().split():
            try:
                await self.do(*line)
            except slixmpp.exceptions.XMPPError as error:
                told("refused", line[0], error.condition)
            except slixmpp.exceptions.IqTimeout:
                told("refused", line[0], "timeout")


async def main():
    client = Client()
    client.connect(host, int(port))
    await client.follow()


asyncio.run(main())
