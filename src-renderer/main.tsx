import './styles/tokens.css'
import { createRoot } from 'react-dom/client'
import { Root } from './app/root.tsx'
import './styles/base.css'
import './styles/ui.css'
import './styles/forms.css'
import './features/shell/shell.css'
import './features/rail/rail.css'
import './features/list/list.css'
import './features/search/search.css'
import './features/conversation/conversation.css'
import './features/health/health.css'
import './features/notices/notices.css'
import './features/dialogs/dialogs.css'

const root = document.getElementById('root')
if (!root) throw new Error('no root')
createRoot(root).render(<Root />)
