<?php
/**
 * Plugin Name: claimlint
 * Description: Sends drafts to a claimlint service, shows its verdict beside the editor, and can refuse to publish what it blocks.
 * Version: 1.0.0
 * Requires at least: 5.6
 * Requires PHP: 7.4
 * License: MIT
 * Text Domain: claimlint
 *
 * Everything is asked from the server: no secret, and no address of the service, reaches a browser.
 * Settings may stand in wp-config.php, where they win over those of the settings page:
 *
 *     define( 'CLAIMLINT_URL', 'https://claimlint.example.org' );
 *     define( 'CLAIMLINT_SECRET', 'whsec_…' );  // the secret of the endpoint
 *     define( 'CLAIMLINT_TOKEN', '…' );         // one of check_tokens
 *
 * @package claimlint
 */

defined( 'ABSPATH' ) || exit;

const CLAIMLINT_SETTINGS = 'claimlint_settings';
const CLAIMLINT_SECRETS  = 'claimlint_secrets'; // Not autoloaded: it is read only when something is sent.
const CLAIMLINT_REVIEW   = '_claimlint_review';
const CLAIMLINT_DELIVERY = '_claimlint_delivery';
const CLAIMLINT_ALLOWED  = '_claimlint_allowed'; // The words that were last let through to the public.
const CLAIMLINT_REVISION = '_claimlint_revision';
const CLAIMLINT_RETRY    = 'claimlint_deliver_again';

const CLAIMLINT_CHECK_SECONDS   = 8; // The service ends a check after 5 unless told otherwise.
const CLAIMLINT_DELIVER_SECONDS = 3; // It answers once the delivery is on its disk.
const CLAIMLINT_SHOW_SECONDS    = 4; // An editor that opens waits for this.
const CLAIMLINT_ANSWER_BYTES    = 8388608;
const CLAIMLINT_REVIEW_SECONDS  = 600; // Rules and decisions change, so an older review is asked for again.
const CLAIMLINT_SAME_SECONDS    = 30; // An import can be one request of an hour.
const CLAIMLINT_FINDINGS_SHOWN  = 100;
const CLAIMLINT_RETRY_SECONDS   = array( 60, 300, 1800, 7200, 21600, 86400 );

/*
 * Settings.
 */

/**
 * Returns the settings that are no secrets, each with a known value.
 *
 * @return array
 */
function claimlint_settings() {
	$stored = get_option( CLAIMLINT_SETTINGS, array() );
	return claimlint_clean_settings( is_array( $stored ) ? $stored : array() );
}

/**
 * Makes settings complete; what is unknown becomes the safe choice.
 *
 * @param array $given Settings as stored or sent.
 * @return array
 */
function claimlint_clean_settings( array $given ) {
	$text  = static function ( $name, $otherwise ) use ( $given ) {
		return isset( $given[ $name ] ) && is_string( $given[ $name ] ) ? trim( $given[ $name ] ) : $otherwise;
	};
	$url   = untrailingslashit( defined( 'CLAIMLINT_URL' ) ? (string) CLAIMLINT_URL : $text( 'url', '' ) );
	$pages = esc_url_raw( $text( 'pages_url', '' ), array( 'http', 'https' ) );
	$name  = $text( 'endpoint', 'wordpress' );
	$gate  = $text( 'gate', 'off' );
	$types = isset( $given['types'] ) && is_array( $given['types'] ) ? $given['types'] : array( 'post', 'page' );
	return array(
		'url'            => claimlint_url_fault( $url ) ? '' : $url,
		'pages_url'      => untrailingslashit( $pages ),
		'endpoint'       => preg_match( '/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/D', $name ) ? $name : 'wordpress',
		'gate'           => in_array( $gate, array( 'off', 'block', 'review' ), true ) ? $gate : 'block',
		'on_unavailable' => 'allow' === $text( 'on_unavailable', 'refuse' ) ? 'allow' : 'refuse',
		'types'          => array_values( array_intersect( array_map( 'strval', $types ), claimlint_known_types() ) ),
	);
}

/**
 * Lists the post types that can be sent: those with a public page, and blocks that many pages share.
 *
 * @return string[]
 */
function claimlint_known_types() {
	$types = get_post_types( array( 'public' => true ) );
	unset( $types['attachment'] );
	$types['wp_block'] = 'wp_block';
	return array_values( $types );
}

/**
 * Tells why an address cannot be used; empty when it can.
 *
 * A bearer token is sent there, so it is not sent in the clear over a network.
 *
 * @param string $url The address of the service.
 * @return string
 */
function claimlint_url_fault( $url ) {
	if ( '' === $url ) {
		return '';
	}
	$parts = wp_parse_url( $url );
	if ( ! is_array( $parts ) || empty( $parts['host'] ) || empty( $parts['scheme'] ) || isset( $parts['user'] )
		|| isset( $parts['query'] ) || isset( $parts['fragment'] ) ) {
		return __( 'The address must be one such as https://claimlint.example.org.', 'claimlint' );
	}
	$host     = trim( $parts['host'], '[]' );
	$is_local = in_array( $host, array( 'localhost', '127.0.0.1', '::1' ), true );
	$is_plain = defined( 'CLAIMLINT_ALLOW_HTTP' ) && CLAIMLINT_ALLOW_HTTP;
	if ( 'https' === $parts['scheme'] || ( 'http' === $parts['scheme'] && ( $is_local || $is_plain ) ) ) {
		return '';
	}
	return __( 'The address must begin with https:// unless the service runs on this machine.', 'claimlint' );
}

/**
 * Returns a secret for use on the server; it is never printed.
 *
 * @param string $name Either "secret", which signs deliveries, or "token", which lets us ask.
 * @return string
 */
function claimlint_secret( $name ) {
	$constant = 'secret' === $name ? 'CLAIMLINT_SECRET' : 'CLAIMLINT_TOKEN';
	if ( defined( $constant ) ) {
		return trim( (string) constant( $constant ) );
	}
	$stored = get_option( CLAIMLINT_SECRETS, array() );
	return is_array( $stored ) && isset( $stored[ $name ] ) ? (string) $stored[ $name ] : '';
}

/**
 * Decodes the key in a Standard Webhooks secret; an empty string when it is none.
 *
 * @param string $secret The text "whsec_" and the key in base64.
 * @return string
 */
function claimlint_key( $secret ) {
	$text = 0 === strpos( $secret, 'whsec_' ) ? substr( $secret, 6 ) : $secret;
	$key  = base64_decode( $text, true ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
	return is_string( $key ) && strlen( $key ) >= 24 ? $key : '';
}

/*
 * What is sent.
 */

/**
 * Tells whether posts of a type are sent and checked.
 *
 * @param string $type A post type.
 * @return bool
 */
function claimlint_covers( $type ) {
	$settings = claimlint_settings();
	return '' !== $settings['url'] && in_array( $type, $settings['types'], true );
}

/**
 * Tells whether readers see posts of a status, now or when their time comes.
 *
 * @param string $status A post status.
 * @return bool
 */
function claimlint_is_public( $status ) {
	$known = get_post_status_object( $status );
	return 'future' === $status || ( $known && $known->public );
}

/**
 * Makes plain text of a title or an excerpt, which may hold tags and entities.
 *
 * Only whole tags go: strip_tags() would take the rest of "A1c <7 and no more diabetes" with them.
 *
 * @param string $text Text as stored.
 * @return string
 */
function claimlint_plain( $text ) {
	$shown = preg_replace( '/<\/?[a-z][^<>]*>/i', '', $text );
	return html_entity_decode( null === $shown ? $text : $shown, ENT_QUOTES | ENT_HTML5, 'UTF-8' );
}

/**
 * Makes the part of a delivery that is about a post; gates ask with the same.
 *
 * @param array $post With ID (0 for a new one), post_title, post_content, post_excerpt, post_status,
 *                    post_type and post_modified_gmt, unslashed.
 * @return array
 */
function claimlint_payload( array $post ) {
	$id     = (int) $post['ID'];
	$locale = get_locale();
	if ( $id && function_exists( 'pll_get_post_language' ) && pll_get_post_language( $id, 'locale' ) ) {
		$locale = (string) pll_get_post_language( $id, 'locale' ); // Polylang.
	}
	$modified = (string) $post['post_modified_gmt'];
	$payload  = array(
		'id'           => $id ? (string) $id : 'new',
		'type'         => (string) $post['post_type'],
		'status'       => (string) $post['post_status'],
		'locale'       => $locale,
		'url'          => $id ? (string) get_permalink( $id ) : '',
		'title'        => claimlint_plain( (string) $post['post_title'] ),
		'excerpt'      => claimlint_plain( (string) $post['post_excerpt'] ),
		'content_raw'  => (string) $post['post_content'],
		// Drafts that were never saved before have no time of their own.
		'modified_gmt' => strtotime( $modified ) > 0 ? str_replace( ' ', 'T', $modified ) . 'Z' : gmdate( 'Y-m-d\TH:i:s\Z' ),
	);
	/**
	 * Filters what is sent about a post: for sites whose language stands elsewhere, or that add texts
	 * which the fields of their endpoint name.
	 *
	 * @param array $payload What becomes data.post.
	 * @param array $post    The post.
	 */
	return (array) apply_filters( 'claimlint_payload', $payload, $post );
}

/**
 * Tells whether there are words to check.
 *
 * @param array $payload A payload of claimlint_payload().
 * @return bool
 */
function claimlint_has_words( array $payload ) {
	return '' !== trim( $payload['title'] . $payload['excerpt'] . $payload['content_raw'] );
}

/**
 * Identifies the words of a payload, whatever its times and its status.
 *
 * @param array $payload A payload of claimlint_payload().
 * @return string
 */
function claimlint_digest( array $payload ) {
	unset( $payload['modified_gmt'], $payload['status'], $payload['url'], $payload['revision'] );
	if ( 'new' === $payload['id'] ) {
		unset( $payload['id'] );
	}
	return hash( 'sha256', serialize( $payload ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
}

/**
 * Puts a payload into the envelope of Standard Webhooks.
 *
 * @param string $type    What happened.
 * @param array  $payload A payload of claimlint_payload().
 * @return string JSON.
 */
function claimlint_envelope( $type, array $payload ) {
	return (string) wp_json_encode(
		array(
			'type'      => $type,
			'timestamp' => gmdate( 'Y-m-d\TH:i:s\Z' ),
			'data'      => array( 'post' => $payload ),
		),
		JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE
	);
}

/**
 * Signs a body: Standard Webhooks 1.0.0, "v1" (HMAC-SHA256 over id.timestamp.body).
 *
 * @param string $key       The key's bytes.
 * @param string $id        The delivery's identifier.
 * @param int    $timestamp Unix seconds.
 * @param string $body      The exact body.
 * @return string
 */
function claimlint_signature( $key, $id, $timestamp, $body ) {
	// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
	return 'v1,' . base64_encode( hash_hmac( 'sha256', "$id.$timestamp.$body", $key, true ) );
}

/**
 * Posts a body to the service.
 *
 * @param string $path    The path and query.
 * @param string $body    JSON.
 * @param array  $headers Headers beside the media type.
 * @param int    $seconds How long to wait.
 * @return array With code (0 for no answer), body and message.
 */
function claimlint_post( $path, $body, array $headers, $seconds ) {
	$settings = claimlint_settings();
	$answer   = wp_remote_post(
		$settings['url'] . $path,
		array(
			'timeout'             => $seconds,
			'redirection'         => 0, // A token is not carried elsewhere.
			'headers'             => array( 'Content-Type' => 'application/json' ) + $headers,
			'body'                => $body,
			'limit_response_size' => CLAIMLINT_ANSWER_BYTES,
			'user-agent'          => 'claimlint-wordpress/1.0',
		)
	);
	if ( is_wp_error( $answer ) ) {
		// The error's own words name addresses, which are nobody's business in an editor.
		return array(
			'code'    => 0,
			'body'    => '',
			'message' => __( 'it did not answer', 'claimlint' ),
		);
	}
	$code = (int) wp_remote_retrieve_response_code( $answer );
	/* translators: %d: an HTTP status. */
	$message = 200 === $code ? '' : sprintf( __( 'it answered with status %d', 'claimlint' ), $code );
	if ( 401 === $code || 403 === $code ) {
		$message = __( 'it does not accept the token or the signature; see the settings', 'claimlint' );
	} elseif ( 404 === $code ) {
		$message = __( 'it does not know the endpoint; see the settings', 'claimlint' );
	}
	return array(
		'code'    => $code,
		'body'    => wp_remote_retrieve_body( $answer ),
		'message' => $message,
	);
}

/**
 * Tells whether a status means that the service is down, late or busy, and not that we are wrong.
 *
 * @param int $code An HTTP status, 0 for no answer.
 * @return bool
 */
function claimlint_is_unavailable( $code ) {
	return 0 === $code || 408 === $code || 429 === $code || $code >= 500;
}

/*
 * The record: each saved version is delivered, signed. Saving never waits for more than some seconds
 * and never fails over it.
 */

/**
 * Delivers a post after it was saved, whoever saved it and however.
 *
 * @param int     $post_id The post.
 * @param WP_Post $post    The post.
 */
function claimlint_after_save( $post_id, $post ) {
	if ( ! claimlint_covers( $post->post_type ) || in_array( $post->post_status, array( 'auto-draft', 'trash', 'inherit' ), true ) ) {
		return;
	}
	claimlint_keep_decision( $post );
	claimlint_deliver( $post_id, 0 );
}
add_action( 'wp_after_insert_post', 'claimlint_after_save', 20, 2 );

/**
 * Delivers a post as it is now.
 *
 * @param int $post_id The post.
 * @param int $attempt How often it was tried before.
 */
function claimlint_deliver( $post_id, $attempt ) {
	$post = get_post( $post_id );
	$key  = claimlint_key( claimlint_secret( 'secret' ) );
	if ( ! $post || ! claimlint_covers( $post->post_type ) || 'trash' === $post->post_status ) {
		return;
	}
	$payload = claimlint_payload( $post->to_array() );
	if ( ! claimlint_has_words( $payload ) ) {
		return;
	}
	$settings = claimlint_settings();
	$same     = array( claimlint_digest( $payload ), $payload['status'], $payload['url'], $settings['url'], $settings['endpoint'] );
	$digest   = hash( 'sha256', implode( "\n", $same ) );
	$last     = claimlint_meta( $post_id, CLAIMLINT_DELIVERY );
	if ( isset( $last['ok'], $last['digest'] ) && $last['ok'] && $last['digest'] === $digest ) {
		return; // The block editor saves twice when there are meta boxes.
	}
	$state = array(
		'ok'      => false,
		'digest'  => $digest,
		'time'    => time(),
		'message' => __( 'there is no usable signing secret in the settings', 'claimlint' ),
	);
	$again = false;
	if ( '' !== $key ) {
		// A number that only grows: the service never lets an older version replace a newer one.
		$revision = (int) get_post_meta( $post_id, CLAIMLINT_REVISION, true ) + 1;
		update_post_meta( $post_id, CLAIMLINT_REVISION, $revision );
		$payload['revision'] = $revision;
		$body                = claimlint_envelope( 'post.saved', $payload );
		$id                  = 'msg_' . str_replace( '-', '', wp_generate_uuid4() );
		$timestamp           = time();
		$headers             = array(
			'webhook-id'        => $id,
			'webhook-timestamp' => (string) $timestamp,
			'webhook-signature' => claimlint_signature( $key, $id, $timestamp, $body ),
		);
		$answer              = claimlint_post( '/hooks/' . $settings['endpoint'], $body, $headers, CLAIMLINT_DELIVER_SECONDS );
		$state['ok']         = 200 === $answer['code'];
		$state['message']    = $answer['message'];
		$again               = claimlint_is_unavailable( $answer['code'] );
		$known               = json_decode( $answer['body'], true );
		if ( $state['ok'] && isset( $known['documents'][0]['id'] ) && is_int( $known['documents'][0]['id'] ) ) {
			$state['document'] = $known['documents'][0]['id'];
		}
	}
	claimlint_keep_meta( $post_id, CLAIMLINT_DELIVERY, $state );
	wp_clear_scheduled_hook( CLAIMLINT_RETRY, array( $post_id, $attempt + 1 ) );
	if ( $state['ok'] ) {
		return;
	}
	$again = $again && isset( CLAIMLINT_RETRY_SECONDS[ $attempt ] );
	if ( $again ) {
		wp_schedule_single_event( time() + CLAIMLINT_RETRY_SECONDS[ $attempt ], CLAIMLINT_RETRY, array( $post_id, $attempt + 1 ) );
	}
	if ( 0 === $attempt ) {
		claimlint_notice(
			'warning',
			/* translators: %s: what went wrong. */
			sprintf( __( 'Your text is saved, but claimlint was not told of it: %s.', 'claimlint' ), $state['message'] )
			. ( $again ? ' ' . __( 'It will be sent again.', 'claimlint' ) : '' )
		);
	}
}
add_action( CLAIMLINT_RETRY, 'claimlint_deliver', 10, 2 );

/*
 * The gate.
 */

/**
 * Asks for a check of a payload; one saving, which asks through several hooks, sends one question.
 *
 * @param array $payload A payload of claimlint_payload().
 * @param int   $seconds How long to wait.
 * @return array With state (checked, unavailable or unchecked), verdict, message, findings and problems.
 */
function claimlint_ask( array $payload, $seconds = CLAIMLINT_CHECK_SECONDS ) {
	static $known = array();
	$digest = claimlint_digest( $payload );
	if ( isset( $known[ $digest ] ) && time() - $known[ $digest ]['time'] < CLAIMLINT_SAME_SECONDS ) {
		return $known[ $digest ];
	}
	$token   = claimlint_secret( 'token' );
	$headers = '' === $token ? array() : array( 'Authorization' => "Bearer $token" );
	$name    = claimlint_settings()['endpoint'];
	$body    = claimlint_envelope( 'post.check', $payload );
	// Asked with what would be delivered: the same fields, markets, rules and decisions are applied.
	$answer = claimlint_post( '/check?endpoint=' . rawurlencode( $name ), $body, $headers, $seconds );
	$result = array(
		'state'    => claimlint_is_unavailable( $answer['code'] ) ? 'unavailable' : 'unchecked',
		'verdict'  => '',
		'message'  => $answer['message'],
		'findings' => array(),
		'problems' => array(),
		'digest'   => $digest,
		'time'     => time(),
	);
	if ( 200 === $answer['code'] ) {
		$result = claimlint_read_report( $answer['body'], $result );
	} elseif ( 413 === $answer['code'] || 422 === $answer['code'] || 400 === $answer['code'] ) {
		$problem = json_decode( $answer['body'], true );
		if ( isset( $problem['detail'] ) && is_string( $problem['detail'] ) ) {
			$result['message'] = claimlint_short( $problem['detail'], 300 );
		}
	}
	$known[ $digest ] = $result;
	return $result;
}

/**
 * Takes from a report what an editor is shown.
 *
 * @param string $body   The report's JSON.
 * @param array  $result The result to complete.
 * @return array
 */
function claimlint_read_report( $body, array $result ) {
	$report   = json_decode( $body, true );
	$document = isset( $report['documents'][0] ) && is_array( $report['documents'][0] ) ? $report['documents'][0] : array();
	$verdict  = isset( $document['verdict'] ) ? $document['verdict'] : '';
	if ( ! in_array( $verdict, array( 'pass', 'review', 'block' ), true ) ) {
		// Never taken for a pass: this is no report of claimlint.
		$result['message'] = __( 'its answer cannot be understood', 'claimlint' );
		return $result;
	}
	$by_severity = array(
		'error'   => array(),
		'warning' => array(),
		'note'    => array(),
	);
	$found       = isset( $document['findings'] ) && is_array( $document['findings'] ) ? $document['findings'] : array();
	foreach ( $found as $finding ) {
		if ( ! is_array( $finding ) || ! empty( $finding['suppressed'] ) || ! isset( $finding['severity'], $by_severity[ $finding['severity'] ] ) ) {
			continue;
		}
		$by_severity[ $finding['severity'] ][] = array(
			'severity' => $finding['severity'],
			'rule'     => claimlint_short( isset( $finding['rule'] ) ? $finding['rule'] : '', 120 ),
			'words'    => claimlint_short( isset( $finding['words'] ) ? $finding['words'] : '', 300 ),
			'message'  => claimlint_short( isset( $finding['message'] ) ? $finding['message'] : '', 500 ),
		);
	}
	$problems = array();
	foreach ( isset( $report['problems'] ) && is_array( $report['problems'] ) ? $report['problems'] : array() as $problem ) {
		if ( isset( $problem['message'] ) ) {
			$problems[] = claimlint_short( $problem['message'], 300 );
		}
	}
	$findings           = array_merge( ...array_values( $by_severity ) );
	$result['state']    = 'checked';
	$result['verdict']  = $verdict;
	$result['message']  = '';
	$result['errors']   = count( $by_severity['error'] );
	$result['warnings'] = count( $by_severity['warning'] );
	$result['notes']    = count( $by_severity['note'] );
	$result['findings'] = array_slice( $findings, 0, CLAIMLINT_FINDINGS_SHOWN );
	$result['problems'] = array_slice( $problems, 0, 20 );
	return $result;
}

/**
 * Makes one bounded line of something that came from outside.
 *
 * @param mixed $text  Should be a string.
 * @param int   $limit Characters.
 * @return string
 */
function claimlint_short( $text, $limit ) {
	$text = is_string( $text ) ? trim( (string) preg_replace( '/\s+/u', ' ', $text ) ) : '';
	return mb_strlen( $text ) > $limit ? mb_substr( $text, 0, $limit - 1 ) . '…' : $text;
}

/**
 * Decides whether a payload may become public; null when it may, else the reason.
 *
 * On_unavailable counts when the service is down, late, busy or answers 5xx. When it says that it
 * cannot check this text, or does not know us, waiting changes nothing and the answer is no.
 *
 * @param array $payload       A payload of claimlint_payload().
 * @param bool  $was_scheduled Whether these words were let through when their publication was scheduled.
 * @return array|null With message, status and state.
 */
function claimlint_refusal( array $payload, $was_scheduled = false ) {
	$settings = claimlint_settings();
	if ( 'off' === $settings['gate'] || ! claimlint_has_words( $payload ) ) {
		return null;
	}
	$result = claimlint_ask( $payload );
	claimlint_decided( $result );
	$refusal = claimlint_refusal_of( $result, $settings, $was_scheduled );
	if ( null === $refusal ) {
		claimlint_was_let_through( $payload, true );
	}
	return $refusal;
}

/**
 * Decides over the result of a check.
 *
 * @param array $result        A result of claimlint_ask().
 * @param array $settings      The settings.
 * @param bool  $was_scheduled Whether these words were let through when their publication was scheduled.
 * @return array|null
 */
function claimlint_refusal_of( array $result, array $settings, $was_scheduled ) {
	if ( 'checked' === $result['state'] ) {
		$is_refused = 'block' === $result['verdict'] || ( 'review' === $result['verdict'] && 'review' === $settings['gate'] );
		if ( ! $is_refused ) {
			return null;
		}
		$first = isset( $result['findings'][0] ) ? $result['findings'][0] : null;
		/* translators: 1: number of errors, 2: number of warnings. */
		$message = sprintf( __( 'claimlint refuses to publish this: %1$d errors, %2$d warnings.', 'claimlint' ), $result['errors'], $result['warnings'] );
		if ( $first ) {
			/* translators: 1: words of the text, 2: what is wrong with them. */
			$message .= ' ' . sprintf( __( '“%1$s”: %2$s', 'claimlint' ), $first['words'], $first['message'] );
		}
		return array(
			'message' => $message,
			'status'  => 422,
			'state'   => 'checked',
		);
	}
	if ( 'unavailable' === $result['state'] ) {
		if ( $was_scheduled ) {
			return null;
		}
		if ( 'allow' === $settings['on_unavailable'] ) {
			/* translators: %s: what went wrong. */
			claimlint_notice( 'warning', sprintf( __( 'Published without a check by claimlint: %s. Have the text reviewed.', 'claimlint' ), $result['message'] ) );
			return null;
		}
		return array(
			/* translators: %s: what went wrong. */
			'message' => sprintf( __( 'Not published: claimlint could not be asked (%s). You can save the draft and publish later.', 'claimlint' ), $result['message'] ),
			'status'  => 503,
			'state'   => 'unavailable',
		);
	}
	return array(
		/* translators: %s: what went wrong. */
		'message' => sprintf( __( 'Not published: claimlint could not check the text (%s). You can save the draft.', 'claimlint' ), $result['message'] ),
		'status'  => 422,
		'state'   => 'unchecked',
	);
}

/**
 * Remembers the last answer of this request until the post has an ID to keep it under.
 *
 * @param array|null $result A result of claimlint_ask().
 * @return array|null
 */
function claimlint_decided( $result = null ) {
	static $last = null;
	if ( null !== $result ) {
		$last = $result;
	}
	return $last;
}

/**
 * Keeps the answer that was given about these words, and that they were let through.
 *
 * @param WP_Post $post The saved post.
 */
function claimlint_keep_decision( $post ) {
	$digest = claimlint_digest( claimlint_payload( $post->to_array() ) );
	$result = claimlint_decided();
	if ( null === $result ) {
		return;
	}
	$payload = claimlint_payload( array( 'ID' => 0 ) + $post->to_array() );
	if ( in_array( $result['digest'], array( $digest, claimlint_digest( $payload ) ), true ) ) {
		$result['digest'] = $digest;
		if ( 'checked' === $result['state'] ) {
			claimlint_keep_meta( $post->ID, CLAIMLINT_REVIEW, $result );
			if ( claimlint_is_public( $post->post_status ) ) {
				update_post_meta( $post->ID, CLAIMLINT_ALLOWED, $digest );
			}
		}
	}
}

/**
 * Refuses through the REST API, which the block editor uses: with an error that says why.
 *
 * @param stdClass|WP_Error $prepared The changed fields of a post, unslashed.
 * @return stdClass|WP_Error
 */
function claimlint_rest_gate( $prepared ) {
	if ( is_wp_error( $prepared ) ) {
		return $prepared;
	}
	$before = empty( $prepared->ID ) ? null : get_post( $prepared->ID );
	$after  = claimlint_merged( (array) $prepared, $before );
	if ( ! claimlint_is_asked( $after, $before ) ) {
		return $prepared;
	}
	$refusal = claimlint_refusal( claimlint_payload( $after ) );
	if ( null === $refusal ) {
		return $prepared;
	}
	return new WP_Error( 'claimlint_refused', str_replace( array( '<', '>' ), array( '‹', '›' ), $refusal['message'] ), array( 'status' => $refusal['status'] ) );
}

/**
 * Hooks the gate of the REST API to each post type that has one.
 */
function claimlint_hook_rest_gate() {
	foreach ( claimlint_settings()['types'] as $type ) {
		add_filter( "rest_pre_insert_{$type}", 'claimlint_rest_gate', 100 );
	}
}
add_action( 'rest_api_init', 'claimlint_hook_rest_gate' );

/**
 * Returns a post as it would be after a change.
 *
 * @param array        $changed Unslashed fields.
 * @param WP_Post|null $before  The post before.
 * @return array
 */
function claimlint_merged( array $changed, $before ) {
	$otherwise = array(
		'ID'                => 0,
		'post_title'        => '',
		'post_content'      => '',
		'post_excerpt'      => '',
		'post_status'       => 'draft',
		'post_type'         => 'post',
		'post_modified_gmt' => '',
	);
	return $changed + ( $before ? $before->to_array() : array() ) + $otherwise;
}

/**
 * Tells whether a change puts words before the public that were not there already.
 *
 * @param array        $after  The post after the change.
 * @param WP_Post|null $before The post before.
 * @return bool
 */
function claimlint_is_asked( array $after, $before ) {
	if ( 'off' === claimlint_settings()['gate'] || ! claimlint_covers( $after['post_type'] ) || ! claimlint_is_public( $after['post_status'] ) ) {
		return false;
	}
	if ( ! $before || ! claimlint_is_public( $before->post_status ) ) {
		return true;
	}
	foreach ( array( 'post_title', 'post_content', 'post_excerpt' ) as $field ) {
		if ( (string) $after[ $field ] !== (string) $before->$field ) {
			return true;
		}
	}
	return 'future' === $before->post_status && 'future' !== $after['post_status'];
}

/**
 * Refuses everywhere else: classic editor, quick and bulk edit, XML-RPC, wp_insert_post() by anybody.
 *
 * This filter cannot end the saving, so what is refused is saved as the draft that it was; of a post that
 * is public already the public words stay, and the new ones become its autosave.
 *
 * @param array $data    Slashed fields that are about to be stored.
 * @param array $postarr What wp_insert_post() was given.
 * @return array
 */
function claimlint_save_gate( $data, $postarr ) {
	$id     = empty( $postarr['ID'] ) ? 0 : (int) $postarr['ID'];
	$before = $id ? get_post( $id ) : null;
	$after  = claimlint_merged( array( 'ID' => $id ) + wp_unslash( $data ), $before );
	if ( ! claimlint_is_asked( $after, $before ) ) {
		return $data;
	}
	$refusal = claimlint_refusal( claimlint_payload( $after ) );
	if ( null === $refusal ) {
		return $data;
	}
	claimlint_was_refused( true );
	if ( $before && claimlint_is_public( $before->post_status ) && 'future' !== $before->post_status ) {
		claimlint_keep_autosave( $id, $after );
		foreach ( array( 'post_title', 'post_content', 'post_excerpt', 'post_content_filtered', 'post_status', 'post_name', 'post_modified', 'post_modified_gmt' ) as $field ) {
			$data[ $field ] = wp_slash( $before->$field );
		}
		claimlint_notice( 'error', $refusal['message'] . ' ' . __( 'The published text was left as it is; yours is kept as its autosave.', 'claimlint' ) );
		return $data;
	}
	$was                   = $before ? $before->post_status : '';
	$data['post_status']   = 'pending' === $was ? 'pending' : 'draft';
	$data['post_date_gmt'] = '0000-00-00 00:00:00'; // As a draft: the date is the one of its publication.
	$data['post_name']     = $before ? wp_slash( $before->post_name ) : '';
	claimlint_notice( 'error', $refusal['message'] . ' ' . __( 'It is saved as a draft.', 'claimlint' ) );
	return $data;
}
add_filter( 'wp_insert_post_data', 'claimlint_save_gate', 1000, 2 );

/**
 * Keeps words that were refused for a published post where its editor finds them.
 *
 * @param int   $post_id The published post.
 * @param array $after   The post as it was to be, unslashed.
 */
function claimlint_keep_autosave( $post_id, array $after ) {
	$old = wp_get_post_autosave( $post_id, get_current_user_id() );
	if ( $old ) {
		wp_delete_post_revision( $old->ID );
	}
	_wp_put_post_revision( array( 'ID' => $post_id ) + $after, true );
}

/**
 * Asks once more when the time of a scheduled post has come: words or rules may have changed.
 *
 * @param int $post_id The post.
 */
function claimlint_scheduled_gate( $post_id ) {
	$post = get_post( $post_id );
	if ( ! $post || 'future' !== $post->post_status || ! claimlint_covers( $post->post_type ) ) {
		return;
	}
	$payload = claimlint_payload( $post->to_array() );
	$refusal = claimlint_refusal( $payload, claimlint_was_scheduled( $post_id, $payload ) );
	if ( null !== $refusal ) {
		wp_update_post(
			array(
				'ID'          => $post_id,
				'post_status' => 'draft',
			)
		);
		claimlint_keep_refusal( $post_id, $refusal['message'] );
	}
}
add_action( 'publish_future_post', 'claimlint_scheduled_gate', 5 );

/**
 * Takes back what wp_publish_post() made public: it writes the status itself and asks no filter before.
 *
 * @param string  $new  The new status.
 * @param string  $old  The old status.
 * @param WP_Post $post The post.
 */
function claimlint_transition_gate( $new, $old, $post ) {
	if ( $new === $old || ! claimlint_is_public( $new ) || 'off' === claimlint_settings()['gate'] || ! claimlint_covers( $post->post_type ) ) {
		return;
	}
	// In all other ways the question was asked before, and its answer is known in this request.
	$payload = claimlint_payload( $post->to_array() );
	$is_due  = 'future' === $old && claimlint_was_scheduled( $post->ID, $payload );
	$refusal = claimlint_was_let_through( $payload ) ? null : claimlint_refusal( $payload, $is_due );
	if ( null === $refusal ) {
		return;
	}
	global $wpdb;
	$back = 'pending' === $old ? 'pending' : 'draft';
	$wpdb->update( $wpdb->posts, array( 'post_status' => $back ), array( 'ID' => $post->ID ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
	clean_post_cache( $post->ID );
	$post->post_status = $back;
	claimlint_was_refused( true );
	claimlint_keep_refusal( $post->ID, $refusal['message'] );
	claimlint_notice( 'error', $refusal['message'] . ' ' . __( 'It is a draft again.', 'claimlint' ) );
}
add_action( 'transition_post_status', 'claimlint_transition_gate', 1, 3 );

/**
 * Tells whether these words were asked about, and let through, in this request.
 *
 * @param array $payload A payload of claimlint_payload().
 * @param bool  $now     Whether they are let through now.
 * @return bool
 */
function claimlint_was_let_through( array $payload, $now = false ) {
	static $through = array();
	// A new post is asked about before it has an ID.
	$digests = array( claimlint_digest( $payload ), claimlint_digest( array( 'id' => 'new' ) + $payload ) );
	if ( $now ) {
		$through[ 'new' === $payload['id'] ? $digests[1] : $digests[0] ] = true;
	}
	return isset( $through[ $digests[0] ] ) || isset( $through[ $digests[1] ] );
}

/**
 * Tells whether these words were let through when the publication of a post was scheduled.
 *
 * @param int   $post_id The post.
 * @param array $payload Its payload.
 * @return bool
 */
function claimlint_was_scheduled( $post_id, array $payload ) {
	return get_post_meta( $post_id, CLAIMLINT_ALLOWED, true ) === claimlint_digest( $payload );
}

/**
 * Tells whether a publication was refused in this request.
 *
 * @param bool $now Whether it is refused now.
 * @return bool
 */
function claimlint_was_refused( $now = false ) {
	static $was = false;
	$was = $was || $now;
	return $was;
}

/**
 * Corrects what the classic editor would say after a refusal ("Post published.").
 *
 * @param string $location Where the browser is sent after saving.
 * @return string
 */
function claimlint_redirect( $location ) {
	return claimlint_was_refused() ? remove_query_arg( 'message', $location ) : $location;
}
add_filter( 'redirect_post_location', 'claimlint_redirect' );

/*
 * What is kept of a post.
 */

/**
 * Reads an array that is kept as JSON.
 *
 * @param int    $post_id The post.
 * @param string $name    The key, which begins with "_" and so is shown in no list of custom fields.
 * @return array
 */
function claimlint_meta( $post_id, $name ) {
	$value = json_decode( (string) get_post_meta( $post_id, $name, true ), true );
	return is_array( $value ) ? $value : array();
}

/**
 * Keeps an array as JSON.
 *
 * @param int    $post_id The post.
 * @param string $name    The key.
 * @param array  $value   What to keep.
 */
function claimlint_keep_meta( $post_id, $name, array $value ) {
	update_post_meta( $post_id, $name, wp_slash( (string) wp_json_encode( $value, JSON_INVALID_UTF8_SUBSTITUTE ) ) );
}

/**
 * Keeps why a post was not published when nobody is there to see a notice.
 *
 * @param int    $post_id The post.
 * @param string $message The reason.
 */
function claimlint_keep_refusal( $post_id, $message ) {
	$review            = claimlint_decided();
	$review['refused'] = $message;
	$review['digest']  = claimlint_digest( claimlint_payload( get_post( $post_id )->to_array() ) );
	claimlint_keep_meta( $post_id, CLAIMLINT_REVIEW, $review );
}

/**
 * Returns the review of a saved post, asking the service when the kept one is old or of other words.
 *
 * @param WP_Post $post  The post.
 * @param bool    $fresh Whether to ask in any case.
 * @return array
 */
function claimlint_review( $post, $fresh = false ) {
	$payload = claimlint_payload( $post->to_array() );
	if ( ! claimlint_has_words( $payload ) ) {
		return array(
			'state'    => 'empty',
			'verdict'  => '',
			'message'  => '',
			'findings' => array(),
			'problems' => array(),
		);
	}
	$kept   = claimlint_meta( $post->ID, CLAIMLINT_REVIEW );
	$digest = claimlint_digest( $payload );
	$is_own = isset( $kept['digest'], $kept['time'], $kept['state'] ) && $kept['digest'] === $digest;
	if ( $is_own && ! $fresh && 'checked' === $kept['state'] && time() - $kept['time'] < CLAIMLINT_REVIEW_SECONDS ) {
		return $kept;
	}
	$review = claimlint_ask( $payload, CLAIMLINT_SHOW_SECONDS );
	if ( $is_own && isset( $kept['refused'] ) ) {
		$review['refused'] = $kept['refused'];
	}
	if ( 'checked' === $review['state'] ) {
		claimlint_keep_meta( $post->ID, CLAIMLINT_REVIEW, $review );
	}
	return $review;
}

/*
 * Notices.
 */

/**
 * Keeps a notice for the present user until a page shows it.
 *
 * @param string $kind    One of error, warning and success.
 * @param string $message Plain text.
 */
function claimlint_notice( $kind, $message ) {
	$user = get_current_user_id();
	if ( ! $user ) {
		return;
	}
	$kept   = get_transient( "claimlint_notices_$user" );
	$kept   = is_array( $kept ) ? $kept : array();
	$notice = array( $kind, $message );
	if ( ! in_array( $notice, $kept, true ) ) {
		set_transient( "claimlint_notices_$user", array_slice( array_merge( $kept, array( $notice ) ), -5 ), HOUR_IN_SECONDS );
	}
}

/**
 * Takes the notices of the present user.
 *
 * @return array[] Pairs of kind and message.
 */
function claimlint_take_notices() {
	$user = get_current_user_id();
	$kept = $user ? get_transient( "claimlint_notices_$user" ) : false;
	if ( ! is_array( $kept ) ) {
		return array();
	}
	delete_transient( "claimlint_notices_$user" );
	return $kept;
}

/**
 * Shows the notices on a page of the administration; in the block editor its panel does.
 */
function claimlint_show_notices() {
	$screen = get_current_screen();
	if ( $screen && $screen->is_block_editor() ) {
		return;
	}
	$fault = defined( 'CLAIMLINT_URL' ) ? claimlint_url_fault( untrailingslashit( (string) CLAIMLINT_URL ) ) : '';
	if ( '' !== $fault && current_user_can( 'manage_options' ) ) {
		printf( '<div class="notice notice-error"><p>CLAIMLINT_URL: %s</p></div>', esc_html( $fault ) );
	}
	foreach ( claimlint_take_notices() as $notice ) {
		printf( '<div class="notice notice-%s is-dismissible"><p>%s</p></div>', esc_attr( $notice[0] ), esc_html( $notice[1] ) );
	}
}
add_action( 'admin_notices', 'claimlint_show_notices' );

/*
 * The verdict in the editors.
 */

/**
 * Says a review in a sentence.
 *
 * @param array $review A review of claimlint_review().
 * @return string
 */
function claimlint_sentence( array $review ) {
	switch ( 'checked' === $review['state'] ? $review['verdict'] : $review['state'] ) {
		case 'pass':
			return __( 'Pass: nothing found by these rules.', 'claimlint' );
		case 'review':
			return __( 'Review: somebody should look at this before it is published.', 'claimlint' );
		case 'block':
			return __( 'Block: this should not be published as it is.', 'claimlint' );
		case 'empty':
			return __( 'There is nothing to check yet.', 'claimlint' );
		default:
			/* translators: %s: what went wrong. */
			return sprintf( __( 'Not checked: claimlint could not be asked (%s).', 'claimlint' ), $review['message'] );
	}
}

/**
 * Says what the gate does on this site.
 *
 * @return string
 */
function claimlint_gate_sentence() {
	$settings = claimlint_settings();
	if ( 'off' === $settings['gate'] ) {
		return __( 'The verdict stops no publication on this site.', 'claimlint' );
	}
	$what = 'block' === $settings['gate']
		? __( 'Publishing is refused at “block”.', 'claimlint' )
		: __( 'Publishing is refused at “block” and “review”.', 'claimlint' );
	$down = 'refuse' === $settings['on_unavailable']
		? __( 'When claimlint cannot be asked, publishing waits; saving works.', 'claimlint' )
		: __( 'When claimlint cannot be asked, publishing goes on, with a warning.', 'claimlint' );
	return "$what $down";
}

/**
 * Returns the address of the document's page at the service for people; empty when there is none.
 *
 * @param int $post_id The post.
 * @return string
 */
function claimlint_page_url( $post_id ) {
	$base     = claimlint_settings()['pages_url'];
	$delivery = claimlint_meta( $post_id, CLAIMLINT_DELIVERY );
	return '' !== $base && isset( $delivery['document'] ) ? $base . '/documents/' . (int) $delivery['document'] : '';
}

/**
 * Says that the last version did not reach the service; empty when it did.
 *
 * @param int $post_id The post.
 * @return string
 */
function claimlint_delivery_sentence( $post_id ) {
	$delivery = claimlint_meta( $post_id, CLAIMLINT_DELIVERY );
	if ( ! isset( $delivery['ok'] ) || $delivery['ok'] ) {
		return '';
	}
	/* translators: %s: what went wrong. */
	return sprintf( __( 'The saved version has not reached claimlint yet: %s.', 'claimlint' ), isset( $delivery['message'] ) ? $delivery['message'] : '' );
}

/**
 * Adds the box of the classic editor; in the block editor the panel is in its place.
 */
function claimlint_add_box() {
	if ( '' === claimlint_settings()['url'] ) {
		return;
	}
	foreach ( claimlint_settings()['types'] as $type ) {
		add_meta_box( 'claimlint', 'claimlint', 'claimlint_box', $type, 'side', 'high', array( '__back_compat_meta_box' => true ) );
	}
}
add_action( 'add_meta_boxes', 'claimlint_add_box' );

/**
 * Prints the box.
 *
 * @param WP_Post $post The post.
 */
function claimlint_box( $post ) {
	$review = claimlint_review( $post );
	printf( '<p><strong>%s</strong></p>', esc_html( claimlint_sentence( $review ) ) );
	foreach ( array( isset( $review['refused'] ) ? $review['refused'] : '', claimlint_delivery_sentence( $post->ID ) ) as $line ) {
		if ( '' !== $line ) {
			printf( '<p>%s</p>', esc_html( $line ) );
		}
	}
	if ( $review['findings'] || $review['problems'] ) {
		echo '<ul>';
		foreach ( $review['findings'] as $finding ) {
			printf(
				'<li><strong>%s</strong> “%s”<br>%s <code>%s</code></li>',
				esc_html( claimlint_severity( $finding['severity'] ) ),
				esc_html( $finding['words'] ),
				esc_html( $finding['message'] ),
				esc_html( $finding['rule'] )
			);
		}
		foreach ( $review['problems'] as $problem ) {
			printf( '<li>%s</li>', esc_html( $problem ) );
		}
		echo '</ul>';
	}
	$page = claimlint_page_url( $post->ID );
	if ( '' !== $page ) {
		printf( '<p><a href="%s">%s</a></p>', esc_url( $page ), esc_html__( 'History and decisions', 'claimlint' ) );
	}
	printf( '<p class="description">%s</p>', esc_html( claimlint_gate_sentence() ) );
}

/**
 * Returns the word for a severity.
 *
 * @param string $severity One of error, warning and note.
 * @return string
 */
function claimlint_severity( $severity ) {
	$words = array(
		'error'   => __( 'Error', 'claimlint' ),
		'warning' => __( 'Warning', 'claimlint' ),
		'note'    => __( 'Note', 'claimlint' ),
	);
	return isset( $words[ $severity ] ) ? $words[ $severity ] : '';
}

/**
 * Registers the route that the panel reads: the site asks the service, the browser asks the site.
 */
function claimlint_register_route() {
	register_rest_route(
		'claimlint/v1',
		'/posts/(?P<id>\d+)',
		array(
			'methods'             => 'GET',
			'callback'            => 'claimlint_route',
			'permission_callback' => 'claimlint_route_permission',
			'args'                => array(
				'fresh' => array( 'type' => 'boolean' ),
			),
		)
	);
}
add_action( 'rest_api_init', 'claimlint_register_route' );

/**
 * Lets only those see a review who may edit the post.
 *
 * @param WP_REST_Request $request The request.
 * @return bool
 */
function claimlint_route_permission( $request ) {
	$post = get_post( (int) $request['id'] );
	return $post && claimlint_covers( $post->post_type ) && current_user_can( 'edit_post', $post->ID );
}

/**
 * Answers with the review of a post.
 *
 * @param WP_REST_Request $request The request.
 * @return WP_REST_Response
 */
function claimlint_route( $request ) {
	$post   = get_post( (int) $request['id'] );
	$review = claimlint_review( $post, (bool) $request['fresh'] );
	$lines  = array();
	foreach ( $review['findings'] as $finding ) {
		$lines[] = array(
			'severity' => claimlint_severity( $finding['severity'] ),
			'words'    => $finding['words'],
			'message'  => $finding['message'],
			'rule'     => $finding['rule'],
		);
	}
	$answer = new WP_REST_Response(
		array(
			'state'    => $review['state'],
			'verdict'  => $review['verdict'],
			'sentence' => claimlint_sentence( $review ),
			'findings' => $lines,
			'problems' => $review['problems'],
			'refused'  => isset( $review['refused'] ) ? $review['refused'] : '',
			'delivery' => claimlint_delivery_sentence( $post->ID ),
			'gate'     => claimlint_gate_sentence(),
			'page'     => claimlint_page_url( $post->ID ),
			'notices'  => claimlint_take_notices(),
		)
	);
	$answer->header( 'Cache-Control', 'no-store' );
	return $answer;
}

/**
 * Adds the panel to the block editor.
 */
function claimlint_editor_script() {
	$screen = get_current_screen();
	if ( ! $screen || ! claimlint_covers( $screen->post_type ) ) {
		return; // The editors of sites and widgets have no posts of ours.
	}
	$needs = array( 'wp-api-fetch', 'wp-components', 'wp-data', 'wp-edit-post', 'wp-element', 'wp-i18n', 'wp-notices', 'wp-plugins' );
	wp_register_script( 'claimlint-editor', false, $needs, '1.0.0', true ); // One file: the script has no address of its own.
	wp_enqueue_script( 'claimlint-editor' );
	wp_add_inline_script( 'claimlint-editor', claimlint_script() );
}
add_action( 'enqueue_block_editor_assets', 'claimlint_editor_script' );

/**
 * Returns the panel's script. All text goes through React, which escapes it.
 *
 * @return string
 */
function claimlint_script() {
	return <<<'JS'
( function ( wp ) {
	var el = wp.element.createElement, __ = wp.i18n.__;
	var panels = wp.editor && wp.editor.PluginDocumentSettingPanel ? wp.editor : wp.editPost;

	function useReview() {
		var state = wp.element.useState( null ), review = state[ 0 ], setReview = state[ 1 ];
		var post = wp.data.useSelect( function ( select ) {
			var editor = select( 'core/editor' );
			return {
				id: editor.getCurrentPostId(),
				status: editor.getCurrentPostAttribute( 'status' ),
				isSaving: editor.isSavingPost() && ! editor.isAutosavingPost(),
				failed: editor.didPostSaveRequestFail(),
			};
		} );
		function load( fresh ) {
			wp.apiFetch( { path: '/claimlint/v1/posts/' + post.id + ( fresh ? '?fresh=1' : '' ) } ).then( function ( found ) {
				found.notices.forEach( function ( notice ) {
					wp.data.dispatch( 'core/notices' ).createNotice( notice[ 0 ], notice[ 1 ] );
				} );
				setReview( found );
			}, function () {
				setReview( { sentence: __( 'Not checked: this site did not answer.', 'claimlint' ), findings: [], problems: [] } );
			} );
		}
		wp.element.useEffect( function () {
			if ( post.isSaving || ! post.id || post.status === 'auto-draft' ) {
				return;
			}
			if ( post.failed && wp.data.select( 'core/editor' ).getPostEdits().status ) {
				// After a refusal the editor would send the wish to publish again with the next draft.
				wp.data.dispatch( 'core/editor' ).editPost( { status: post.status }, { undoIgnore: true } );
			}
			load( false );
		}, [ post.id, post.status, post.isSaving ] );
		return [ review, load ];
	}

	function Review( props ) {
		var review = props.review;
		if ( ! review ) {
			return el( 'p', null, __( 'The text is checked when it is saved.', 'claimlint' ) );
		}
		return el( 'div', { className: 'claimlint-review' },
			el( 'p', null, el( 'strong', null, review.sentence ) ),
			review.refused ? el( 'p', null, review.refused ) : null,
			review.delivery ? el( 'p', null, review.delivery ) : null,
			el( 'ul', null,
				review.findings.map( function ( finding, index ) {
					return el( 'li', { key: index },
						el( 'strong', null, finding.severity ), ' “' + finding.words + '”', el( 'br' ),
						finding.message + ' ', el( 'code', null, finding.rule )
					);
				} ),
				review.problems.map( function ( problem, index ) {
					return el( 'li', { key: 'problem' + index }, problem );
				} )
			),
			review.page ? el( 'p', null, el( 'a', { href: review.page }, __( 'History and decisions', 'claimlint' ) ) ) : null,
			el( 'p', { className: 'description' }, review.gate ),
			el( wp.components.Button, { variant: 'secondary', onClick: props.again }, __( 'Check the saved text again', 'claimlint' ) )
		);
	}

	function Panels() {
		var found = useReview(), review = found[ 0 ];
		var about = { review: review, again: function () { found[ 1 ]( true ); } };
		// Panels are closed until somebody opens them; the verdict is to be seen in any case.
		return el( wp.element.Fragment, null,
			el( panels.PluginPostStatusInfo, { className: 'claimlint-verdict' }, 'claimlint: ' + ( review ? review.sentence : '…' ) ),
			el( panels.PluginDocumentSettingPanel, { name: 'claimlint', title: 'claimlint' }, el( Review, about ) ),
			el( panels.PluginPrePublishPanel, { title: 'claimlint', initialOpen: true }, el( Review, about ) )
		);
	}

	wp.plugins.registerPlugin( 'claimlint', { icon: 'shield', render: Panels } );
} )( window.wp );
JS;
}

/*
 * The settings page.
 */

/**
 * Adds the page.
 */
function claimlint_add_page() {
	add_options_page( 'claimlint', 'claimlint', 'manage_options', 'claimlint', 'claimlint_page' );
}
add_action( 'admin_menu', 'claimlint_add_page' );

/**
 * Stores what the page sends.
 */
function claimlint_store_settings() {
	if ( ! current_user_can( 'manage_options' ) ) {
		wp_die( esc_html__( 'You may not change these settings.', 'claimlint' ), '', array( 'response' => 403 ) );
	}
	check_admin_referer( 'claimlint_settings' );
	$given = array(
		'types' => isset( $_POST['types'] ) && is_array( $_POST['types'] ) ? array_map( 'sanitize_key', wp_unslash( $_POST['types'] ) ) : array(),
	);
	foreach ( array( 'url', 'pages_url', 'endpoint', 'gate', 'on_unavailable' ) as $name ) {
		$given[ $name ] = isset( $_POST[ $name ] ) && is_string( $_POST[ $name ] ) ? sanitize_text_field( wp_unslash( $_POST[ $name ] ) ) : '';
	}
	$fault = claimlint_url_fault( untrailingslashit( $given['url'] ) );
	if ( $fault ) {
		claimlint_notice( 'error', $fault );
		$given['url'] = claimlint_settings()['url'];
	}
	update_option( CLAIMLINT_SETTINGS, claimlint_clean_settings( $given ) );

	$secrets = get_option( CLAIMLINT_SECRETS, array() );
	$secrets = is_array( $secrets ) ? $secrets : array();
	foreach ( array( 'secret', 'token' ) as $name ) {
		// An empty field leaves what is stored: the page never holds it, so it cannot send it back.
		$new = isset( $_POST[ $name ] ) && is_string( $_POST[ $name ] ) ? trim( wp_unslash( $_POST[ $name ] ) ) : ''; // phpcs:ignore WordPress.Security.ValidatedSanitizedInput
		if ( ! empty( $_POST[ "forget_$name" ] ) ) {
			unset( $secrets[ $name ] );
		} elseif ( '' === $new ) {
			continue;
		} elseif ( 'secret' === $name && '' === claimlint_key( $new ) ) {
			claimlint_notice( 'error', __( 'The signing secret was not stored: it must be whsec_ followed by base64 of at least 24 bytes.', 'claimlint' ) );
		} elseif ( 'token' === $name && ! preg_match( '/^[!-~]{16,200}$/D', $new ) ) {
			claimlint_notice( 'error', __( 'The token was not stored: it must be 16 visible ASCII characters or more.', 'claimlint' ) );
		} else {
			$secrets[ $name ] = $new;
		}
	}
	update_option( CLAIMLINT_SECRETS, $secrets, false );
	claimlint_notice( 'success', __( 'The settings are stored.', 'claimlint' ) );
	wp_safe_redirect( admin_url( 'options-general.php?page=claimlint' ) );
	exit;
}
add_action( 'admin_post_claimlint_settings', 'claimlint_store_settings' );

/**
 * Prints the page; secrets are never part of it.
 */
function claimlint_page() {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	$settings = claimlint_settings();
	$choices  = array(
		'gate'           => array(
			'off'    => __( 'is never refused; the verdict is only shown', 'claimlint' ),
			'block'  => __( 'is refused at the verdict “block”', 'claimlint' ),
			'review' => __( 'is refused at the verdicts “block” and “review”', 'claimlint' ),
		),
		'on_unavailable' => array(
			'refuse' => __( 'refuse publishing, allow saving', 'claimlint' ),
			'allow'  => __( 'allow publishing, with a warning', 'claimlint' ),
		),
	);
	echo '<div class="wrap"><h1>claimlint</h1>';
	printf( '<form method="post" action="%s">', esc_url( admin_url( 'admin-post.php' ) ) );
	echo '<input type="hidden" name="action" value="claimlint_settings">';
	wp_nonce_field( 'claimlint_settings' );
	echo '<table class="form-table" role="presentation">';
	claimlint_text_row( 'url', __( 'Address of the service', 'claimlint' ), $settings['url'], __( 'As this server reaches it; https unless it runs on this machine. While it is empty nothing is sent and nothing refused.', 'claimlint' ), defined( 'CLAIMLINT_URL' ) );
	claimlint_text_row( 'endpoint', __( 'Name of the endpoint', 'claimlint' ), $settings['endpoint'], __( 'The name in claimlint.yaml, of the kind wordpress.', 'claimlint' ), false );
	claimlint_text_row( 'pages_url', __( 'Address of its pages', 'claimlint' ), $settings['pages_url'], __( 'As editors reach it, for a link to history and decisions; may be empty.', 'claimlint' ), false );
	claimlint_secret_row( 'secret', __( 'Signing secret', 'claimlint' ), defined( 'CLAIMLINT_SECRET' ) );
	claimlint_secret_row( 'token', __( 'Token for checks', 'claimlint' ), defined( 'CLAIMLINT_TOKEN' ) );
	$labels = array(
		'gate'           => __( 'Publishing', 'claimlint' ),
		'on_unavailable' => __( 'When claimlint is down, late or busy', 'claimlint' ),
	);
	foreach ( $choices as $name => $options ) {
		printf( '<tr><th scope="row"><label for="claimlint-%1$s">%2$s</label></th><td><select id="claimlint-%1$s" name="%1$s">', esc_attr( $name ), esc_html( $labels[ $name ] ) );
		foreach ( $options as $value => $label ) {
			printf( '<option value="%s"%s>%s</option>', esc_attr( $value ), selected( $settings[ $name ], $value, false ), esc_html( $label ) );
		}
		echo '</select></td></tr>';
	}
	printf( '<tr><th scope="row">%s</th><td><fieldset><legend class="screen-reader-text">%1$s</legend>', esc_html__( 'What is sent', 'claimlint' ) );
	foreach ( claimlint_known_types() as $type ) {
		printf( '<label><input type="checkbox" name="types[]" value="%1$s"%2$s> %1$s</label><br>', esc_attr( $type ), checked( in_array( $type, $settings['types'], true ), true, false ) );
	}
	echo '</fieldset></td></tr></table>';
	submit_button();
	echo '</form></div>';
}

/**
 * Prints a row with a text field.
 *
 * @param string $name     The field.
 * @param string $label    Its label.
 * @param string $value    Its value, which is no secret.
 * @param string $hint     What to write there.
 * @param bool   $is_fixed Whether wp-config.php says it.
 */
function claimlint_text_row( $name, $label, $value, $hint, $is_fixed ) {
	printf(
		'<tr><th scope="row"><label for="claimlint-%1$s">%2$s</label></th><td><input class="regular-text" id="claimlint-%1$s" name="%1$s" value="%3$s"%4$s><p class="description">%5$s</p></td></tr>',
		esc_attr( $name ),
		esc_html( $label ),
		esc_attr( $value ),
		$is_fixed ? ' readonly' : '',
		esc_html( $hint )
	);
}

/**
 * Prints a row to set a secret, which does not show the one that is set.
 *
 * @param string $name     The field.
 * @param string $label    Its label.
 * @param bool   $is_fixed Whether wp-config.php holds it.
 */
function claimlint_secret_row( $name, $label, $is_fixed ) {
	$is_set = '' !== claimlint_secret( $name );
	printf( '<tr><th scope="row"><label for="claimlint-%1$s">%2$s</label></th><td>', esc_attr( $name ), esc_html( $label ) );
	if ( $is_fixed ) {
		esc_html_e( 'Set in wp-config.php.', 'claimlint' );
	} else {
		printf( '<input class="regular-text" type="password" autocomplete="new-password" id="claimlint-%1$s" name="%1$s" value="">', esc_attr( $name ) );
		printf( '<p class="description">%s</p>', esc_html( $is_set ? __( 'One is stored; it is not shown. Leave this empty to keep it.', 'claimlint' ) : __( 'None is stored.', 'claimlint' ) ) );
		if ( $is_set ) {
			printf( '<label><input type="checkbox" name="forget_%s" value="1"> %s</label>', esc_attr( $name ), esc_html__( 'Delete it', 'claimlint' ) );
		}
	}
	echo '</td></tr>';
}

/**
 * Deletes what the plugin kept.
 */
function claimlint_uninstall() {
	delete_option( CLAIMLINT_SETTINGS );
	delete_option( CLAIMLINT_SECRETS );
	foreach ( array( CLAIMLINT_REVIEW, CLAIMLINT_DELIVERY, CLAIMLINT_ALLOWED, CLAIMLINT_REVISION ) as $name ) {
		delete_post_meta_by_key( $name );
	}
	wp_unschedule_hook( CLAIMLINT_RETRY );
}
register_uninstall_hook( __FILE__, 'claimlint_uninstall' );
