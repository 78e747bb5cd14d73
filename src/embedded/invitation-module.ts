import { join } from "node:path";
import { replaceFile } from "../core/private-file.js";

/** What the module is called in Prosody's configuration. */
export const invitationModule = "homeroster_invites";

/**
 * Lets the gateway, and nobody else, make invitations by an IQ to the domain, each for one account name. Prosody itself
 * leaves the name to the client, and lets two sessions that showed the same token in time both register.
 */
const source = `-- Written by Homeroster at every start: changes made here are lost.
local st = require "util.stanza";
local invites = module:depends("invites");
local gateway = module:get_option_string("homeroster_gateway");
local xmlns = "urn:homeroster:invites:0";

module:hook("iq-set/host/" .. xmlns .. ":invite", function (event)
	local origin, stanza = event.origin, event.stanza;
	local user = stanza.tags[1].attr.user;
	if stanza.attr.from ~= gateway or not user then
		origin.send(st.error_reply(stanza, "auth", "forbidden"));
		return true;
	end
	local invite = invites.create_account(nil, { homeroster_user = user });
	if not invite then
		origin.send(st.error_reply(stanza, "wait", "internal-server-error"));
		return true;
	end
	origin.send(st.reply(stanza):tag("invite", { xmlns = xmlns, uri = invite.uri, expires = tostring(invite.expires) }));
	return true;
end);

module:hook("user-registering", function (event)
	local invite = event.validated_invite or (event.session and event.session.validated_invite);
	if not invite then return; end
	local info = invites.get_account_invite_info(invite.token);
	local user = info and info.additional_data and info.additional_data.homeroster_user;
	if info and (not user or user == event.username) then return; end
	event.allowed = false;
	event.reason = user and ("This invitation is for the name " .. user .. ".") or "This invitation was used, or is too old.";
end, -1);
`;

/** Writes the module where Prosody finds it; `directory` exists. */
export function writeInvitationModule(directory: string): Promise<void> {
  return replaceFile(join(directory, `mod_${invitationModule}.lua`), source);
}
