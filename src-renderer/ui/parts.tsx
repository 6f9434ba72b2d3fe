import type { ReactNode } from 'react'
import { useId } from 'react'
import {
  Button as AriaButton,
  type ButtonProps,
  Dialog,
  FieldError,
  Heading,
  Input,
  Label,
  Modal,
  ModalOverlay,
  Text,
  TextField,
} from 'react-aria-components'
import { useText } from '../i18n/text.ts'
import { Icon, type IconName } from './icons.tsx'

interface ButtonLook extends Omit<ButtonProps, 'children' | 'className'> {
  look?: 'normal' | 'primary' | 'plain' | 'link'
  icon?: IconName
  /** Only the icon is drawn; the words are read out and shown on hover. */
  bare?: boolean
  pressed?: boolean
  children: string
  className?: string
}

/** A button with words, an icon, or both. */
export function Button({ look = 'normal', icon, bare = false, pressed, children, className = '', ...rest }: ButtonLook) {
  const name = `button ${look} ${bare ? 'icon' : ''} ${className}`
  const state = pressed === undefined ? {} : { 'aria-pressed': pressed }
  return (
    <span className="tipped" title={bare ? children : undefined}>
      <AriaButton {...rest} {...state} className={name} {...(bare ? { 'aria-label': children } : {})}>
        {icon ? <Icon name={icon} /> : null}
        {bare ? null : <span>{children}</span>}
      </AriaButton>
    </span>
  )
}

interface FieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  help?: string | undefined
  fault?: string | null | undefined
  type?: 'text' | 'password' | 'email' | 'url'
  required?: boolean
  autoFocus?: boolean
  autoComplete?: string
  placeholder?: string
  /** Addresses and codes are written left to right in every language. */
  ltr?: boolean
}

/** One line of text to fill in, with its label, help and fault. */
export function Field({
  label,
  value,
  onChange,
  help,
  fault,
  type = 'text',
  required = false,
  autoFocus = false,
  autoComplete = 'off',
  placeholder,
  ltr,
}: FieldProps) {
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      type={type}
      isRequired={required}
      isInvalid={Boolean(fault)}
      autoFocus={autoFocus}
    >
      <Label className="label">{label}</Label>
      <Input
        className="input"
        autoComplete={autoComplete}
        {...(placeholder === undefined ? {} : { placeholder })}
        spellCheck={false}
        {...(ltr ? { dir: 'ltr' } : {})}
      />
      {help ? (
        <Text slot="description" className="help">
          {help}
        </Text>
      ) : null}
      <FieldError className="fault">{fault ?? ''}</FieldError>
    </TextField>
  )
}

interface ChoiceProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
}

/** One of a few values. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  const id = useId()
  const take = (chosen: string) => {
    const option = options.find((other) => other.value === chosen)
    if (option) onChange(option.value)
  }
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <select id={id} className="input" value={value} onChange={(event) => take(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}

/** How far something has come; without a total it only shows that it goes on. */
export function Bar({ done, total, label }: { done: number; total: number | null; label: string }) {
  const share = total ? Math.min(100, (done / total) * 100) : null
  return (
    <div
      className="bar-track"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      {...(share === null ? {} : { 'aria-valuenow': Math.round(share), 'aria-valuemax': 100 })}
    >
      <div
        className={share === null ? 'bar-fill unknown' : 'bar-fill'}
        style={share === null ? undefined : { inlineSize: `${share}%` }}
      />
    </div>
  )
}

interface ModalProps {
  title: string
  onClose: () => void
  wide?: boolean
  children: ReactNode
}

/** A dialog in front of everything; Escape and a click beside it close it. */
export function Front({ title, onClose, wide = false, children }: ModalProps) {
  const t = useText()
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className={wide ? 'dialog wide' : 'dialog'}>
        <Dialog style={{ outline: 'none' }}>
          <div className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <Button look="plain" icon="close" bare onPress={onClose}>
              {t('common.close')}
            </Button>
          </div>
          <div className="dialog-body">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

/** A list or pane with nothing in it, or that could not be read. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon: IconName
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children ? <p>{children}</p> : null}
      {action}
    </div>
  )
}
