import type { ErrorTexts } from '../catalog.ts'

export const errors: ErrorTexts = {
  'error.bad_request': 'Cette demande ne convient pas : {detail}.',
  'error.unknown_call': 'Il n’existe pas d’appel nommé {name}.',
  'error.too_large': 'C’est trop grand : {size} octets, et {limit} est le maximum.',
  'error.forbidden_sender': 'Seules les fenêtres de ce programme peuvent demander cela.',
  'error.not_found': 'Il n’y a pas de {what} avec le numéro {id}.',
  'error.voice_mismatch': 'Cet élément ({what}) appartient à une autre identité. Rien n’a été changé.',
  'error.conflict': '{detail}',
  'error.name_taken': 'Le nom {name} est déjà utilisé. Rien n’a été modifié.',
  'error.query_invalid': 'La recherche ne peut pas être faite telle qu’elle est écrite ({detail}). Rien n’a été fait.',
  'error.cancelled': 'Annulé. Ce qui était déjà enregistré a été gardé.',
  'error.disconnected':
    'La fenêtre a perdu sa connexion avec la partie du programme qui garde le bureau. Elle se reconnecte toute seule ; regardez avant de refaire ce que vous avez fait.',
  'error.internal': 'Quelque chose a mal tourné dans le programme : {detail}. Rien de ce qui était enregistré n’est perdu.',
  'error.office_locked':
    'Ce bureau est ouvert dans un autre processus ({pid} sur {host}). Fermez-le là-bas, ou utilisez cette fenêtre.',
  'error.office_missing': 'Il n’y a pas de bureau dans {dir}.',
  'error.office_from_future':
    'Ce bureau a été ouvert par une version plus récente (format {found}, ce programme connaît {known}). Il n’a pas été touché ; mettez le programme à jour.',
  'error.office_key': 'La clé de ce bureau n’a pas pu être lue, ou ne convient pas. Le bureau n’a pas été touché.',
  'error.office_corrupt':
    'La base de ce bureau est abîmée. Elle est ouverte en lecture seule ; faites une sauvegarde maintenant et restaurez la dernière bonne.',
  'error.read_only': 'Ce bureau est ouvert en lecture seule. Rien n’a été changé.',
  'error.disk_full': 'Le disque est plein. Ce qui a été enregistré est sauf ; faites de la place et cela reprendra tout seul.',
  'error.database_busy':
    'Un autre programme utilise la base de ce bureau. Rien n’a été changé ; fermez ce programme et réessayez.',
  'error.backup_invalid': 'Ce fichier n’est pas une sauvegarde que ce bureau peut lire. Rien n’a été changé.',
  'error.has_accounts': 'Ce bureau a déjà des comptes à lui, l’exemple n’a donc pas été ajouté. Rien n’a été changé.',
  'error.not_empty': 'Il y a déjà un bureau dans {dir}. Rien n’a été changé ; choisissez un dossier vide ou utilisez --force.',
  'error.login_failed': '{host} n’a pas accepté le nom d’utilisateur ou le mot de passe.',
  'error.login_expired': 'La connexion à {host} a pris fin. Connectez-vous de nouveau ; rien n’a été perdu.',
  'error.host_unknown': 'Il n’y a pas de serveur nommé {host}. Vérifiez le nom.',
  'error.host_unreachable': '{host} ne répond pas. Vérifiez le réseau ; ce qui était arrivé est gardé.',
  'error.connection_lost': 'La connexion à {host} a été coupée. Ce qui était arrivé est gardé.',
  'error.timed_out': '{host} a mis trop de temps à répondre. Ce qui était arrivé est gardé.',
  'error.rate_limited': '{host} nous a demandé d’attendre. Ce qui était arrivé est gardé.',
  'error.server_error': '{host} signale une panne de son côté : {detail}. Ce qui était arrivé est gardé.',
  'error.protocol': '{host} a envoyé quelque chose qui ne suit pas les règles : {detail}. Cela a été sauté ; le reste continue.',
  'error.tls_untrusted':
    'Le certificat de {host} n’est pas de ceux auxquels cet ordinateur fait confiance (empreinte {fingerprint}).',
  'error.tls_expired': 'Le certificat de {host} a expiré le {date}. Prévenez qui gère le serveur.',
  'error.tls_mismatch': 'Le certificat de {host} est pour un autre nom.',
  'error.tls_changed': 'Le certificat de {host} n’est pas celui qui avait été accepté (maintenant {fingerprint}).',
  'error.tls_missing': '{host} n’offre pas de chiffrement, aucun mot de passe n’a donc été envoyé.',
  'error.feed_gone': 'Le flux de {host} a disparu pour de bon. Ce qu’il avait apporté est gardé.',
  'error.not_a_feed': 'Il n’y a pas de flux à {url}, et sa page n’en nomme aucun.',
  'error.account_other': 'Cette connexion est celle de {found}, et ce compte est {expected}. Rien n’a été modifié.',
  'error.server_elsewhere':
    '{host} renvoie vers {to} au lieu de répondre. Rien n’y a été envoyé ; utilisez cette adresse si vous savez qu’elle est la bonne.',
  'error.not_a_server': '{host} répond, mais pas comme un serveur {network}.',
  'error.send_refused': '{host} ne l’a pas accepté : {detail}. Rien n’a été envoyé.',
  'error.address_invalid': '{address} n’est pas une adresse utilisable.',
  'error.address_private':
    'Un serveur a renvoyé vers {host}, qui se trouve dans un réseau privé et que personne du bureau n’a indiqué. Il n’a pas été interrogé.',
  'error.secret_missing': 'Le mot de passe de ce compte n’est pas dans le trousseau. Connectez-vous de nouveau.',
  'error.silence': 'Rien n’est arrivé depuis {since} ; d’habitude il y aurait eu quelque chose. Vérifiez le compte.',
  'error.files_only':
    'Ce compte garde ce qui est importé de fichiers ; il n’y a encore rien à demander à {network}. Rien n’a été modifié.',
  'error.messages_left_out':
    'Des messages que {host} ne remet pas ont été laissés de côté : {count}, d’abord dans {folder}. Tout le reste est là ; ils seront redemandés.',
  'error.attachment_unavailable': 'Le fichier {name} ne peut être obtenu de {host} : {detail}. Ce que dit le message est là.',
  'error.sending_not_set': '{address} n’a pas de serveur d’envoi. Rien n’a été envoyé.',
  'error.sending_paced': '{host} n’envoie pas plus de {count} courriels par minute. Les autres suivent d’eux-mêmes.',
  'error.mail_refused': '{host} a refusé le courriel : {detail}. Rien n’a été envoyé.',
  'error.mail_deferred':
    '{host} ne prend pas encore le courriel : {detail}. Rien n’a été envoyé ; un nouvel essai aura lieu de lui-même.',
  'error.recipients_refused': '{host} ne prend pas de courriel pour {addresses} : {detail}. Le courriel n’est parti à personne.',
  'error.address_unsupported':
    '{host} ne peut pas acheminer de courriel de ou pour {address}, dont le nom n’est pas en lettres simples. Rien n’a été envoyé.',
  'error.mail_unconfirmed':
    '{host} a reçu le courriel, et la connexion a été coupée avant sa confirmation. Il n’est pas renvoyé de lui-même : seul son destinataire peut dire s’il est arrivé.',
  'error.draft_changed':
    'Ce brouillon a été modifié ailleurs entre-temps par {by}. Rien n’est perdu : votre texte est encore ici, et l’autre est conservé.',
  'error.opted_out':
    '{number} a demandé à ne plus recevoir de SMS ({word}, {date}). Rien n’a été envoyé ; on pourra lui écrire dès qu’il en redemandera.',
  'error.number_invalid': '{number} n’est pas un numéro de téléphone auquel on peut écrire. Rien n’a été envoyé.',
  'error.sent_unclear':
    '{host} a plus d’un message qui pourrait être celui-ci. Vérifiez là-bas s’il a été envoyé, et dites-le ici.',
  'error.inbox_missing':
    '{host} ne transmet pas les SMS reçus : l’application du téléphone est trop ancienne. On peut en envoyer.',
  'error.port_taken':
    'Un autre programme occupe {host}. Rien ne peut être remis à ce compte à cet endroit ; fermez ce programme ou choisissez un autre port.',
  'error.calendar_frozen':
    'Le calendrier de cette identité ({period}) l’empêche de publier ceci jusqu’au {until}. Rien n’a été envoyé ; ce qui est programmé attend, et ne part ensuite que si quelqu’un le dit.',
  'error.calendar_frozen_open':
    'Le calendrier de cette identité ({period}) l’empêche de publier ceci, et ne donne pas de fin. Rien n’a été envoyé ; ce qui est programmé attend une personne.',
  'error.calendar_invalid': '{source} n’est pas un calendrier lisible. Ligne {line} : {detail}. Rien n’a été changé.',
  'error.calendar_zone': '{source} nomme le fuseau horaire {zone}, que personne ne connaît. Rien n’a été changé.',
  'error.calendar_too_many': '{source} contient plus de {limit} événements, le maximum d’un calendrier. Rien n’a été changé.',
  'error.calendar_empty': 'Aucun événement de {source} ne contient un mot de votre table de mots. Rien n’a été changé.',
  'error.calendar_full': 'Une identité a {limit} périodes au plus. Rien n’a été changé ; supprimez d’abord les anciennes.',
  'error.file_unreadable': '{path} n’a pas pu être lu : {detail}.',
  'error.file_unwritable': '{path} n’a pas pu être écrit : {detail}. Ce qui s’y trouvait n’a pas changé.',
  'error.pack_invalid': 'Le lot de règles {path} ne peut pas servir : {detail}. Les autres servent.',
  'error.not_a_mailbox': '{path} n’est pas une boîte de la sorte indiquée.',
  'error.export_unknown': '{path} n’est pas un export de {network} que ce programme connaisse. Rien n’a été importé.',
  'error.export_of_other': '{path} est l’export de {found}, et ce compte est {expected}. Rien n’a été importé.',
  'error.export_damaged': '{path} est endommagé ou incomplet ({detail}). Ce qui avait été importé est gardé.',
  'error.export_too_large': '{path}, décompressé, dépasserait tout export connu ({detail}). Rien n’a été importé.',
  'error.export_locked': '{path} est protégé par un mot de passe. Décompressez-le et importez le dossier.',
  'error.export_web_pages':
    '{path} contient des pages web à regarder. Demandez à {network} le même export en JSON et importez celui-là.',
  'error.export_folder_used':
    'Impossible d’exporter vers {dir} : le dossier n’est pas vide, ou un autre export y a été commencé ({dir}.partial). Rien n’a été modifié ; choisissez un autre dossier.',
  'error.export_disk_full':
    'Il n’y a plus de place pour l’export vers {dir}. Ce qui a été écrit est conservé : libérez de la place et exportez de nouveau vers le même dossier, l’export reprendra.',
  'error.redactions_invalid':
    'Le caviardage décrit dans {path} n’est pas utilisable. Ligne {line} : {detail}. Rien n’a été exporté.',
  'error.outbox_state': 'Ce n’est pas possible pour un envoi dans cet état ({state}). Rien n’a été changé.',
  'error.outbox_unknown':
    'On ne sait pas si le réseau l’a reçu, et le réseau ne peut pas répondre à la question. Vérifiez là-bas, puis dites si c’est envoyé ou à envoyer de nouveau.',
  'error.outbox_waited': 'L’envoi a attendu trop longtemps une connexion. Il partira quand quelqu’un l’aura confirmé.',
  'error.outbox_before': 'La partie précédente n’a pas été envoyée ; celle-ci l’attend.',
  'error.outbox_file_missing': 'Le fichier {name} n’est pas dans ce bureau. Joignez-le de nouveau. Rien n’a été mis en attente.',
  'error.send_not_offered': 'Ce compte ne le permet pas ({what}). Rien n’a été mis en attente.',
  'error.send_empty': 'Il n’y a rien à envoyer. Rien n’a été mis en attente.',
  'error.send_too_long': 'Le texte compte {count}, et {limit} est le maximum ici. Rien n’a été mis en attente.',
  'error.send_too_many_files': '{count} fichiers, c’est trop : {limit} au plus ici. Rien n’a été mis en attente.',
  'error.send_file_refused':
    'Le fichier {name} est d’une sorte qui n’est pas acceptée ici ({type}). Rien n’a été mis en attente.',
  'error.send_file_too_large': 'Le fichier {name} a {size} octets, et {limit} est le maximum ici. Rien n’a été mis en attente.',
  'error.send_alt_too_long':
    'La description de {name} compte {count}, et {limit} est le maximum ici. Rien n’a été mis en attente.',
  'error.disposal_nothing': 'Il n’y a rien à éliminer à ce titre. Rien n’a été proposé.',
  'error.disposal_same_person':
    'Il faut deux personnes : {by} l’a proposé et ne peut pas aussi l’approuver. Rien n’a été changé.',
  'error.disposal_not_due':
    'Cela peut être exécuté à partir du {date}, une fois qu’une deuxième personne l’a approuvé. Rien n’a été supprimé.',
  'error.label_scheduled':
    'Un délai fixe combien de temps on garde ce qui porte {name}. Modifiez ou supprimez d’abord ce délai. Rien n’a été modifié.',
  'error.disposal_closed': 'Ce n’est pas possible pour une élimination dans cet état ({state}). Rien n’a été changé.',
}
