<?php
/**
 * Runs one call inside the site, as code of another plugin would: php call.php FUNCTION JSON-ARGUMENTS.
 *
 * @package claimlint
 */

$_SERVER['HTTP_HOST'] = getenv( 'HOST' );
require_once getenv( 'SITE' ) . '/wp-load.php';

wp_set_current_user( get_user_by( 'login', getenv( 'AS_USER' ) ? getenv( 'AS_USER' ) : 'editor' )->ID );
$arguments = json_decode( $argv[2], true );
switch ( $argv[1] ) {
	case 'write': // Past every hook, as a tool that writes into the database.
		$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->posts, array( 'post_content' => $arguments[1] ), array( 'ID' => $arguments[0] ) );
		$result = null;
		break;
	case 'autoload':
		$result = $GLOBALS['wpdb']->get_var( "SELECT autoload FROM {$GLOBALS['wpdb']->options} WHERE option_name = 'claimlint_secrets'" );
		break;
	case 'due': // The time of a scheduled post has come.
		$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->posts, array( 'post_date' => '2020-01-01 00:00:00', 'post_date_gmt' => '2020-01-01 00:00:00' ), array( 'ID' => $arguments[0] ) );
		clean_post_cache( $arguments[0] );
		wp_set_current_user( 0 );
		do_action( 'publish_future_post', $arguments[0] );
		$result = null;
		break;
	case 'retries': // Runs what WP-Cron would run later.
		$result = 0;
		foreach ( _get_cron_array() as $time => $hooks ) {
			foreach ( isset( $hooks['claimlint_deliver_again'] ) ? $hooks['claimlint_deliver_again'] : array() as $event ) {
				wp_unschedule_event( $time, 'claimlint_deliver_again', $event['args'] );
				do_action_ref_array( 'claimlint_deliver_again', $event['args'] );
				++$result;
			}
		}
		break;
	case 'posts':
		$result = $GLOBALS['wpdb']->get_results( $GLOBALS['wpdb']->prepare( "SELECT ID, post_status, post_name, post_type, post_content FROM {$GLOBALS['wpdb']->posts} WHERE ID = %d OR post_parent = %d", $arguments[0], $arguments[0] ) );
		break;
	default:
		// wp_insert_post() and its like take slashed data.
		$result = call_user_func_array( $argv[1], wp_slash( $arguments ) );
}
$notices = claimlint_take_notices();
echo wp_json_encode( array( 'result' => $result, 'notices' => $notices ) );
