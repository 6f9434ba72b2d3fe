import type { Topic } from './topic.ts'

export const constituentsFr: Topic[] = [
  {
    subjects: ['Fermeture de l’école de {town}', 'Classe supprimée à la rentrée', 'École : réunion du {day}'],
    paragraphs: [
      [
        'Nous avons appris par le journal que la petite école de {town} perdrait une classe à la rentrée. Mes deux enfants auraient alors trois quarts d’heure de car matin et soir.',
        'Je suis déléguée des parents d’élèves à {town}. Le rectorat nous a reçus en {month} et nous a promis une réponse écrite ; nous ne l’avons toujours pas.',
      ],
      [
        'On nous parle d’effectifs. Il y a {count} enfants inscrits, et deux familles s’installent au printemps.',
        'Le car passe par la route de la falaise, qui est fermée dès qu’il gèle.',
      ],
      [
        'Pourriez-vous intervenir auprès du rectorat avant la commission du {day} ?',
        'Seriez-vous des nôtres à la réunion publique ? La salle des fêtes est réservée à vingt heures.',
      ],
    ],
    replies: [
      'Merci de votre message. J’ai écrit ce matin au recteur pour demander que la décision soit reportée tant que les inscriptions du printemps ne sont pas comptées. Je viendrai à la réunion et je répondrai aux questions sur place.\n\nSi vous avez la liste des familles qui arrivent, elle nous serait très utile.',
      'Le recteur m’a répondu hier : la classe est maintenue pour un an, le temps d’étudier le transport. Ce n’est pas une victoire, mais c’est du temps.',
    ],
    thanks: [
      'Un an, nous prenons ! Merci à toute votre équipe.',
      'Voici la liste des familles. Merci de vous être déplacée l’autre soir, cela a compté.',
    ],
  },
  {
    subjects: ['Dossier de retraite {ref} sans nouvelles', 'Ma pension n’est pas versée', 'Réversion : relance'],
    paragraphs: [
      [
        'J’ai pris ma retraite en {month} après quarante et un ans à la conserverie. Le dossier {ref} est « à l’étude » depuis {weeks} semaines et je n’ai rien touché.',
        'Mon mari est mort en {month}. La caisse me demande pour la troisième fois le même acte, que je leur ai porté moi-même.',
      ],
      [
        'Au guichet, on me dit d’aller sur internet. Sur internet, on me dit d’aller au guichet.',
        'Je n’aime pas demander, mais je ne sais plus vers qui me tourner.',
      ],
      ['Vous pouvez m’appeler au {phone}, plutôt le matin.', 'Je joins la copie de la dernière lettre.'],
    ],
    replies: [
      'Je suis désolée de ce que vous traversez. Avec votre accord, nous saisissons aujourd’hui le médiateur de la caisse ; le dossier {ref} doit recevoir une réponse sous quinze jours. En attendant, une avance peut être demandée à la mairie : nous vous envoyons le formulaire.',
    ],
    thanks: [
      'La caisse m’a appelée hier, très polie cette fois. Le versement est prévu pour le 5. Merci infiniment.',
      'Vous avez mon accord. Je joins la lettre signée.',
    ],
    enclosure: 'form',
  },
  {
    subjects: ['Antenne relais près de {street}', 'Plus de réseau depuis la tempête', 'Coupures de téléphone à {town}'],
    paragraphs: [
      [
        'Depuis la tempête de {weekday}, notre hameau n’a plus ni téléphone fixe ni mobile. Ma voisine a {age} ans et vit seule.',
        'L’opérateur nous annonce une réparation « sous 48 heures » depuis {weeks} semaines.',
      ],
      [
        'Pour appeler le médecin, il faut monter jusqu’au calvaire.',
        'J’ai ouvert {count} tickets, dont le dernier porte le numéro {ref}.',
      ],
      ['Merci de ce que vous pourrez faire.', 'Un mot de votre part aurait sans doute plus de poids que nos tickets.'],
    ],
    replies: [
      'Merci de nous avoir prévenus. J’ai eu l’opérateur au téléphone : une équipe vient jeudi avec une antenne provisoire. Si elle n’est pas là à midi, appelez mon bureau, nous ferons le nécessaire auprès du régulateur.',
    ],
    thanks: [
      'L’antenne provisoire marche. Ma voisine a appelé sa sœur pendant deux heures.',
      'Toujours rien à midi passé. Je vous le signale comme convenu.',
    ],
  },
  {
    subjects: ['Pêche à pied : l’arrêté du {day}', 'Quotas de coquillages', 'Les parcs à huîtres de {town}'],
    paragraphs: [
      [
        'L’arrêté interdit la pêche à pied jusqu’en {month}, alors que les analyses sont bonnes depuis {weeks} semaines. Nous sommes {count} à en vivre.',
        'Je suis ostréiculteur à {town}. On nous demande de déclarer chaque sac sur une application qui ne fonctionne pas sans réseau.',
      ],
      [
        'Nous ne demandons pas de passe-droit, seulement que les analyses soient publiées le jour même.',
        'L’administration me répond que « l’outil est conforme ». Conforme à quoi ?',
      ],
      ['Seriez-vous prête à venir à marée basse ? Les bottes sont fournies.', 'Je reste à votre disposition.'],
    ],
    replies: [
      'Merci pour votre lettre, et pour les bottes. J’ai demandé au ministère de la Mer que les analyses soient publiées sans délai et que la déclaration sur papier reste possible là où le réseau manque. Je peux venir le samedi de la grande marée, si cela vous convient.',
    ],
    thanks: ['Samedi, c’est parfait : basse mer à 11 h 20. Prévoyez un ciré.', 'Les analyses sont en ligne depuis hier. Merci !'],
    enclosure: 'seaside',
  },
]
