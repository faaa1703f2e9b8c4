/** Second factors: a device or key, an application's codes, printed ones; giving, adding and removing them. */
export const factors = {
  "second.passkey": "Continuer avec cet appareil",
  "second.passkey_hint": "Empreinte, visage ou code de l'appareil",
  "second.none_here":
    "Ce navigateur ne peut pas demander l'appareil que vous avez enregistré. Ouvrez Colloque dans un autre navigateur.",
  "fresh.lead": "Ce que vous demandez touche à la sécurité de votre compte.",

  "factor.choice_lead":
    "Votre appareil vous reconnaît, et un mot de passe volé ne suffira plus. Choisissez ce qui vous convient.",
  "factor.passkey": "Utiliser cet appareil",
  "factor.app": "Application de codes",
  "factor.app_hint": "Un code à 6 chiffres sur votre téléphone",
  "factor.second_title": "Un deuxième appareil ?",
  "factor.second":
    "Votre téléphone, ou une clé USB de sécurité : si le premier se perd, vous entrerez encore. Vous pourrez aussi le faire plus tard, dans Sécurité.",
  "factor.second_add": "Ajouter un deuxième appareil",
  "factor.second_done": "Deuxième appareil ajouté.",

  "factors.title": "Double vérification",
  "factors.passkey": "Empreinte, visage ou code de l'appareil",
  "factors.totp": "Application de codes",
  "factors.added_from": "Ajouté depuis {browser}, {platform}",
  "factors.added": "Ajoutée {ago}",
  "factors.used": "utilisé {ago}",
  "factors.unused": "pas encore utilisé",
  "factors.printed": "Codes à usage unique imprimés",
  "factors.printed_left_one": "Il en reste {n}.",
  "factors.printed_left_other": "Il en reste {n}.",
  "factors.renew": "Nouvelle liste",
  "factors.renew_what": "Nouvelle liste de codes à usage unique ; l'ancienne ne sert plus",
  "factors.remove": "Retirer",
  "factors.remove_one": "Retirer : {name}",
  "factors.remove_title": "Retirer ce moyen ?",
  "factors.remove_lead":
    "Il ne permettra plus d'entrer. Les connexions ouvertes grâce à lui sur d'autres appareils se ferment tout de suite.",
  "factors.keep": "Garder",
  "factors.add_passkey": "Enregistrer un appareil ou une clé USB",
  "factors.add_app": "Ajouter une application de codes",
  "factors.added_done": "C'est ajouté. Un message le dit à votre adresse e-mail.",
  "factors.removed": "C'est retiré. Un message le dit à votre adresse e-mail.",
  "factors.one": "Un seul moyen : ajoutez-en un deuxième, pour entrer encore s'il se perd.",
  "factors.loading": "Recherche de vos moyens de vérification…",
  "factors.codes_title": "De nouveaux codes à usage unique",
  "factors.codes_kept": "Je les ai gardés",

  "failure.bad_passkey": "Cet appareil n'a pas été reconnu. Réessayez, ou choisissez un autre moyen.",
  "failure.passkey_dropped": "Votre appareil n'a rien confirmé. Réessayez quand vous voulez.",
  "failure.passkey_known": "Cet appareil est déjà enregistré.",
  "failure.passkey_unusable":
    "Ce navigateur ne permet pas d'utiliser cet appareil. Choisissez un autre moyen.",
  "failure.fresh_factor_needed": "Confirmez d'abord que c'est vous.",
  "failure.last_factor": "C'est votre dernier moyen d'entrer. Ajoutez-en un autre avant de le retirer.",
  "failure.too_many_factors": "Vous avez déjà beaucoup d'appareils enregistrés. Retirez-en un d'abord.",
} as const;
