<?php
/**
 * Makes the site that run.sh tries the plugin on. Its users' passwords come in the environment.
 *
 * @package claimlint
 */

define( 'WP_INSTALLING', ! file_exists( getenv( 'SITE' ) . '/.installed' ) );
$_SERVER['HTTP_HOST'] = getenv( 'HOST' );
require_once getenv( 'SITE' ) . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

if ( WP_INSTALLING ) {
	wp_install( 'A clinic', 'admin', 'admin@example.org', false, '', getenv( 'PASSWORD' ) );
	file_put_contents( getenv( 'SITE' ) . '/.installed', '' );
	exit( 'installed' );
}
$found = activate_plugin( 'claimlint.php' );
if ( is_wp_error( $found ) ) {
	exit( 'the plugin cannot be activated: ' . $found->get_error_message() );
}
wp_set_password( getenv( 'PASSWORD' ), get_user_by( 'login', 'admin' )->ID );
foreach ( array( 'editor', 'author' ) as $role ) {
	$user = get_user_by( 'login', $role );
	if ( ! $user ) {
		$user = get_user_by( 'id', wp_create_user( $role, getenv( 'PASSWORD' ), "$role@example.org" ) );
	}
	wp_set_password( getenv( 'PASSWORD' ), $user->ID );
	$user->set_role( $role );
	delete_metadata( 'user', $user->ID, $GLOBALS['wpdb']->get_blog_prefix() . 'persisted_preferences' ); // Which panels are open.
}
foreach ( get_posts( array( 'post_type' => array( 'post', 'page', 'wp_block' ), 'post_status' => 'any', 'numberposts' => -1 ) ) as $old ) {
	wp_delete_post( $old->ID, true );
}
delete_option( 'claimlint_settings' );
delete_option( 'claimlint_secrets' );
$editor = get_user_by( 'login', 'editor' );
WP_Application_Passwords::delete_all_application_passwords( $editor->ID );
list( $password ) = WP_Application_Passwords::create_new_application_password( $editor->ID, array( 'name' => 'try' ) );
echo wp_json_encode(
	array(
		'wordpress'   => get_bloginfo( 'version' ),
		'php'         => PHP_VERSION,
		'database'    => $GLOBALS['wpdb']->db_server_info(),
		'application' => $password,
	)
);
