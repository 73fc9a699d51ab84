import './styles';

export { Avatar, initials } from './Avatar';
export { Badge, type BadgeProps, type Tone } from './Badge';
export { Banner, type BannerProps, type BannerTone } from './Banner';
export { Brand } from './Brand';
export { Button, buttonClass, type ButtonKind, type ButtonProps, IconButton, type IconButtonProps } from './Button';
export { Card, type CardProps } from './Card';
export { DateTime, MeetingTime } from './DateTime';
export { Dialog, type DialogProps } from './Dialog';
export { EmptyState, Loading, Progress, VisuallyHidden } from './Feedback';
export { Checkbox, Field, type FieldTexts, type Option, Select, TextArea, TextInput } from './Field';
export { Icon, type IconProps } from './Icon';
export { announce, LiveRegion, notify } from './LiveRegion';
export { Page, PageHeading } from './Page';
export { LanguageSwitch, ThemeSwitch } from './PageTools';
export { StepUpDialog, type StepUpDialogProps } from './StepUpDialog';
export { type Tab, Tabs } from './Tabs';
export { setTheme, theme } from './theme';
