import CircleHelp from "@lucide/svelte/icons/circle-question-mark";
import Eye from "@lucide/svelte/icons/eye";
import HandHeart from "@lucide/svelte/icons/hand-heart";
import Heart from "@lucide/svelte/icons/heart";
import Smile from "@lucide/svelte/icons/smile";
import ThumbsUp from "@lucide/svelte/icons/thumbs-up";
import type { Component } from "svelte";
import type { Sign } from "../../store/model";

/** A sign is never alone: its word is spoken, and shown on hover. */
export const SIGN_ICONS: Readonly<Record<Sign, Component<{ size?: number }>>> = {
  agree: ThumbsUp,
  thanks: HandHeart,
  seen: Eye,
  heart: Heart,
  smile: Smile,
  question: CircleHelp,
};
