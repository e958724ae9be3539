import { DropdownMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly children: ReactNode;
}

export function Menu({ trigger, children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="float menu" align="end" sideOffset={4}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  readonly onSelect: () => void;
  readonly children: ReactNode;
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
}

export function MenuItem({ onSelect, children, isDanger = false, isDisabled = false }: MenuItemProps) {
  return (
    <DropdownMenu.Item className={isDanger ? 'danger' : ''} disabled={isDisabled} onSelect={onSelect}>
      {children}
    </DropdownMenu.Item>
  );
}

interface ChoiceProps {
  readonly value: string;
  readonly onChoose: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly label: ReactNode }[];
}

/** One of several, inside a menu. */
export function MenuChoice({ value, onChoose, options }: ChoiceProps) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={onChoose}>
      {options.map((option) => (
        <DropdownMenu.RadioItem key={option.value} value={option.value}>
          {option.label}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
