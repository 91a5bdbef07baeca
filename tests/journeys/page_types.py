"""Every type of page and who opens it; every other address and why it is no page of its own. A new address belongs to one of the two."""

# Whose page, the name of its address, and of which row.
PAGES = {
    "": (
        "portal:home", "portal:home en", "portal:home ja", "portal:home ko", "portal:services", "portal:resources", "portal:column notices", "portal:article",
        "portal:policies", "portal:disclosure", "portal:help", "portal:about", "portal:accessibility", "portal:search", "portal:site-map",
        "portal:feedback", "portal:feedback-query", "portal:feedback-answers", "portal:subscribe", "portal:subscription-confirm",
        "portal:subscription-end", "portal:activities", "portal:activity", "portal:register", "portal:registration-lookup",
        "portal:registration", "portal:registration-cancel", "portal:surveys", "portal:survey", "portal:survey-results", "portal:halls",
        "portal:hall kechuang", "portal:hall-book kechuang", "portal:visit-lookup", "portal:visit", "portal:visit-cancel", "portal:media",
        "entrance:join", "entrance:register", "account_login", "account_inactive", "account_signup", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key_done", "account_email_verification_sent", "look", "site:style",
        "site:demo-faults", "site:api", "personal:catalogue", "reviews:lists", "reviews:list", "reviews:object", "reviews:proof", "matters:matters",
        "matters:matter", "matters:granted", "matters:policies", "matters:policy", "matters:policy-object", "nowhere", "entrance:register-invited", "portal:approve",
    ),
    "demo.citizen": ("access:accept",),
    "demo.unit.manager": (
        "desk:desk", "desk:messages", "desk:message", "desk:message-settings", "desk:calendar", "desk:personal", "desk:unit",
        "desk:handovers", "desk:handover-new", "desk:palette", "access:security", "access:devices", "access:tokens", "access:members",
        "personal:mine", "portal:register-group", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn",
        "account_change_password", "account_email", "account_reauthenticate", "nowhere", "access:roles", "matters:mine", "matters:case",
        "matters:form", "matters:move", "matters:discard", "matters:policy-facts", "matters:turns", "matters:turn", "matters:turn-cancel",
        "casework:imports", "casework:import", "directory:organisation-act", "directory:person-new", "directory:person-edit",
        "directory:person-post", "directory:post-end", "matters:renew", "casework:import-progress", "matters:begun",
    ),
    "demo.case.officer": (
        "desk:desk", "directory:organisations", "directory:organisation", "directory:organisation-new", "directory:organisation-import",
        "directory:people", "directory:person", "directory:experts", "directory:expert", "directory:expert-apply",
        "directory:expert-avoidance", "directory:expert-decision", "directory:duplicates", "directory:duplicate-people",
        "directory:duplicate-pair", "casework:queue", "casework:waiting", "casework:begin", "casework:case", "casework:substitutions",
        "casework:policies", "casework:policy-units", "casework:policy-cases", "casework:payments", "casework:payment", "casework:analysis", "casework:analysed", "casework:bulletins",
        "casework:bulletin", "casework:bulletin-rows", "casework:follow-ups", "casework:follow-up", "casework:archive", "casework:package",
        "casework:archive-due", "casework:disposals", "casework:disposal", "casework:destroyed",
        "casework:ledger", "casework:ledger-lines", "review:rounds", "review:round", "review:draw", "review:judges", "review:copies", "review:side-by-side",
        "review:step", "review:prices", "review:call", "review:observer", "review:further", "mfa_deactivate_totp",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate", "review:entry", "review:experts", "review:expert",
        "personal:reveal", "review:hits", "review:hit", "uploads:reader",
    ),
    "demo.window.clerk": ("casework:windows", "casework:serve", "matters:window", "matters:screen", "matters:verify"),
    "demo.district.officer": ("matters:points",),
    "demo.expert": ("review:desk", "review:state", "review:score", "review:decline", "review:conflict"),
    "demo.finance": (
        "performance:projects", "performance:project-new", "performance:project", "performance:project-adjust", "performance:project-pay",
        "performance:execution-import", "performance:targets", "performance:targets-begin", "performance:goal", "performance:indicator-new",
        "performance:indicator", "performance:indicator-remove", "performance:goals-note", "performance:library", "performance:monitoring",
        "performance:point-new", "performance:point", "performance:deviation", "performance:monitored", "performance:evaluation",
        "performance:story", "performance:row", "performance:evidence-new", "performance:evidence-remove", "performance:proof",
        "performance:reading", "performance:reckoning", "performance:outside", "performance:outside-new", "performance:outside-import", "performance:senders",
        "performance:digest", "performance:peers", "performance:trend", "performance:rectification", "performance:finding",
    ),
    "demo.reviewer": (
        "manage:article review", "manage:article-invite", "performance:rechecks", "performance:sample-new", "performance:sample",
        "performance:recheck", "performance:recheck-back", "performance:rectification-new", "performance:evaluation-return",
    ),
    "demo.leader": (
        "desk:colleagues", "performance:cockpit", "performance:cockpit wall", "performance:goals-decide", "performance:evaluation-sign",
        "performance:evaluation-refuse", "review:objection", "casework:objection", "manage:activity-decision",
    ),
    "demo.editor": (
        "manage:articles", "manage:own-articles", "manage:article", "manage:article-compare", "manage:article-new", "manage:article-edit", "manage:article-preview",
        "manage:columns", "manage:feedback-list", "manage:feedback", "manage:redirects", "manage:visits", "manage:pushes",
        "manage:push-new", "manage:push-import", "manage:doctor", "manage:doctor-check",
    ),
    "demo.issuer": ("manage:article-withdraw", "manage:column-new", "manage:column"),
    "demo.organiser": (
        "review:observe", "review:half", "manage:activities", "manage:activity", "manage:activity-new", "manage:activity-edit", "manage:activity-step", "manage:session-new",
        "manage:session-edit", "manage:session-remove", "manage:checkin-list", "manage:checkin", "manage:walk-in", "manage:scans-upload",
        "manage:online-upload", "manage:surveys", "manage:survey", "manage:survey-new", "manage:survey-edit", "manage:survey-step",
        "manage:halls", "manage:hall kechuang", "manage:hall-new", "manage:hall-edit kechuang", "manage:closure-new kechuang",
        "manage:inspection-new kechuang", "manage:reading-new kechuang", "manage:acceptance-new kechuang", "manage:guides",
        "manage:guide-new", "manage:guide-edit", "manage:receptions", "manage:reception", "manage:reception-decision", "manage:media",
        "manage:media-new", "manage:media-import", "manage:media-copy",
    ),
    "demo.guide": ("manage:guide-day", "manage:reception-receiving"),
    "demo.system.admin": (
        "desk:office", "desk:deliveries", "access:accounts", "access:account", "access:grants", "access:apply", "access:roles",
        "access:clients", "site:jobs", "site:doctor",
    ),
    "demo.security.admin": ("personal:requests", "personal:request", "personal:holds", "personal:retention", "access:grants"),
    "demo.audit.admin": ("site:trail",),
}  # fmt: skip

# Public pages in other languages: in English all of those above, in the others where words are long and boxes small.
_LONG_WORDS = (
    "portal:home", "portal:services", "portal:activities", "portal:activity", "portal:register", "portal:halls", "portal:hall kechuang",
    "portal:feedback", "portal:subscribe", "portal:search", "matters:matters", "matters:matter", "matters:policies", "portal:accessibility",
)  # fmt: skip
SPOKEN = {"en": PAGES[""], "ja": _LONG_WORDS, "ko": _LONG_WORDS}

# No pages, by words: never an HTML page to whoever asks for the address (a test asks).
FORMS = (
    "site:retry access:end-device access:act-for access:end-membership access:withdraw access:stop access:unlock access:decide "
    "access:revoke access:withdraw-client access:withdraw-token uploads:uploads uploads:upload personal:ask personal:consent "
    "desk:tasks-take desk:tasks-back desk:handover-decide desk:messages-read desk:messages-unread desk:messages-read-all "
    "desk:delivery-again desk:feed-renew desk:draft desk:draft-discard desk:columns desk:filter-save desk:filter-forget "
    "casework:substitution-end casework:batch casework:package-check casework:package-ask casework:package-open "
    "casework:retrieval-decide casework:disposal-new casework:disposal-decide casework:reassign casework:follow-up-call casework:follow-up-close "
    "casework:move casework:correction-add "
    "casework:correction-drop casework:tick casework:letter casework:arrive casework:walk-in casework:call casework:turn-end "
    "casework:bulletin-freeze casework:ledgers manage:article-submit manage:article-take-back manage:article-drop manage:article-decide "
    "manage:redirect-remove manage:feedback-answer manage:feedback-publish manage:doctor-run manage:registration-decision "
    "manage:closure-end manage:defect-mend manage:media-check performance:goals-submit performance:goals-advice performance:points-usual "
    "performance:point-take performance:deviation-settle performance:evaluation-begin performance:evaluation-read "
    "performance:evaluation-submit performance:evaluation-review performance:recheck-close performance:sender-stop directory:control-end "
    "directory:party-end directory:merge-undo matters:start matters:save matters:material-add matters:material-remove matters:letter "
    "matters:rate matters:book matters:turn-move "
    # What a script asks before it asks for a passkey; codes by mail instead of a password, which are not offered.
    "mfa_login_webauthn account_confirm_login_code"
)
FILES = (
    "health site:api-description site:export-trail uploads:file uploads:page personal:export desk:feed desk:export casework:import-template "
    "casework:import-faults casework:bulletin-file manage:push-template manage:offline-list "
    "manage:media-template manage:media-export performance:execution-template performance:evaluation-file performance:disclosure "
    "performance:reading-export performance:outside-template performance:cockpit-file performance:digest-file mfa_download_recovery_codes "
    "directory:organisation-template reviews:draw-file matters:print matters:application portal:feed portal:attachment portal:suggest "
    "matters:output matters:document casework:output portal:sitemap portal:robots portal:registration-calendar portal:session-calendar portal:visit-calendar"
)
# Between two steps of signing in, in the frame of the pages above: by the walk of test_signing_in that comes to them.
SIGNING_IN = {
    "second_factor": "mfa_authenticate",
    "new_password": "account_reset_password_from_key",
    "own_password": "account_set_password",
    "address_by_mail": "account_confirm_email",
    "passkeys": "mfa_edit_webauthn mfa_remove_webauthn mfa_reauthenticate_webauthn",
    "leaving": "account_logout",
}
